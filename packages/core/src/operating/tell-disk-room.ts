import { statfs } from "node:fs/promises";
import type { SqlDatabase } from "@waxseal/db/sql";
import { judgeDisks } from "./judge-operator.ts";
import { clearCondition, raiseCondition } from "./operator-condition.ts";
import { processSubject } from "./process-subject.ts";

/** Warns the operator while the disk that holds a folder of an app is nearly full. A folder that cannot be measured changes nothing. */
export async function tellDiskRoom(db: SqlDatabase, app: string, folder: string | undefined): Promise<void> {
  const stats = folder ? await statfs(folder).catch(() => undefined) : undefined;
  if (!folder || !stats || stats.blocks === 0) return;
  const place = `${folder} of ${processSubject(app)}`;
  const [finding] = judgeDisks([{ folder: place, freeShare: stats.bavail / stats.blocks }]);
  if (!finding) return clearCondition(db, { code: "op.stores", subject: `disk of ${place}` });
  const { code, subject, text, severity } = finding;
  await raiseCondition(db, { code, subject, text, detail: { severity } });
}
