import { isDatabaseAway } from "@waxseal/db";

/** What reports say; null while their database cannot be reached, so that the rest goes on. */
export async function unlessAway<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (isDatabaseAway(error)) return null;
    throw error;
  }
}
