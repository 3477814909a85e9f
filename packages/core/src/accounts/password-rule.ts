/** The fewest characters of a password. */
export const MIN_PASSWORD_LENGTH = 10;

/** The most characters of a password; hashing longer ones would cost an attacker nothing and us a lot. */
export const MAX_PASSWORD_LENGTH = 128;
