declare module "punycode.js" {
  /** Decodes each label that begins with xn--. @throws RangeError */
  export function toUnicode(name: string): string;
}
