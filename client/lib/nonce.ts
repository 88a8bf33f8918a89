/** With which style elements of ours are let in: the content security policy allows no others. */
const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');

// The attribute is emptied for scripts to read; the property is not.
export const styleNonce = meta?.nonce ?? '';

// Where the scroll lock below dialogs looks for it.
Object.assign(globalThis, { __webpack_nonce__: styleNonce });
