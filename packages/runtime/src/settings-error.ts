/** Settings that are missing or bad; the message is for the operator and holds no value. */
export class SettingsError extends Error {
  override name = "SettingsError";
}
