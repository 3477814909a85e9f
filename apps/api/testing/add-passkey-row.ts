import { randomUUID } from "node:crypto";
import type { Database } from "@waxseal/db";

/** A passkey of a user that no device holds; returns its id. */
export async function addPasskeyRow(db: Database, userId: string, name: string): Promise<string> {
  const id = randomUUID();
  const how = { publicKey: "", credentialID: id, counter: 0, deviceType: "singleDevice", backedUp: false };
  await db.passkey.create({ data: { id, name, userId, createdAt: new Date(), ...how } });
  return id;
}
