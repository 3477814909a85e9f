import { isDatabaseAway } from "@waxseal/db";

/** Returns what the reports say; null while their database is unreachable, so that everything else still works. */
export async function unlessAway<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (isDatabaseAway(error)) return null;
    throw error;
  }
}
