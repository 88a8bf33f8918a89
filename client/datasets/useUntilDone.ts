import { useEffect } from 'react';
import { type TypedDocumentNode, useClient } from 'urql';

/**
 * Follows one piece of background work by subscription while `isOver` is false. Its events go
 * through the cache to whoever draws them.
 */
export function useUntilDone<Data>(
  subscription: TypedDocumentNode<Data, { id: string }>,
  id: string | undefined,
  isOver: boolean,
) {
  const client = useClient();
  useEffect(() => {
    if (!id || isOver) return undefined;
    const { unsubscribe } = client.subscription(subscription, { id }).subscribe(() => undefined);
    return unsubscribe;
  }, [client, subscription, id, isOver]);
}
