/** A signed-in person, apart from any account: for what they do about themselves. */
export type Person = {
  id: string;
  name: string;
  email: string;
  sessionId: string;
  signedInAt: Date;
  /** The account whose single sign-on made the session; its provider could have signed in as anybody. */
  ssoAccountId: string | null;
};
