/** How dark a day is drawn: the more of its sessions failed, the darker; without a report it is hatched. */
export function heatLevel(cell: { share: number | null; failed: number } | null): HeatLevel {
  if (cell === null) return "silent";
  if (cell.share === null) return "empty";
  if (cell.share === 1) return "fine";
  if (cell.share >= 0.98) return "few";
  return cell.share >= 0.8 ? "some" : "many";
}

type HeatLevel = "silent" | "empty" | "fine" | "few" | "some" | "many";
