export { createInstructionSheet, type SheetDeps } from "./create-instruction-sheet.ts";
export { endInstructionSheet } from "./end-instruction-sheet.ts";
export { exportInstructions } from "./export-instructions.ts";
export { listInstructionSheets } from "./list-instruction-sheets.ts";
export { listInstructions } from "./list-instructions.ts";
export { openSharedSheet } from "./open-shared-sheet.ts";
