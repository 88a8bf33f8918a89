/**
 * The content security policy lets text become markup only through a policy of this name. Ours lets
 * style sheets through, which Mantine writes so, and nothing that could be an element.
 */
type Policies = {
  createPolicy(name: string, rules: { createHTML(text: string): string | null }): unknown;
};

/** Call it before anything is rendered. Browsers without Trusted Types need nothing. */
export function trustStyles(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: Policies };
  trustedTypes?.createPolicy('default', {
    createHTML: (text) => (text.includes('<') ? null : text),
  });
}
