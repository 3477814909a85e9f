/** How a mail host encrypts, as a word and the tone of its shape. */
export const START_TLS_WORDS = {
  ok: { tone: "good", word: "STARTTLS good" },
  "not-offered": { tone: "bad", word: "No STARTTLS" },
  "bad-certificate": { tone: "bad", word: "Bad certificate" },
  unreachable: { tone: "notice", word: "Not reached" },
  "not-tried": { tone: "idle", word: "Not tried" },
} as const;
