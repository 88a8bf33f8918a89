/** Makes calls of one key that come while one is under way share its answer. */
export function shared<T>(): (key: string, call: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, call) => {
    const answer = underWay.get(key) ?? call().finally(() => underWay.delete(key));
    underWay.set(key, answer);
    return answer;
  };
}
