type Charts = Awaited<ReturnType<typeof importCharts>>;

let loaded: Charts | undefined;

/** The charts' code, which is more than all the rest together: it comes with the first page that shows one. */
export async function loadCharts(): Promise<Charts> {
  loaded ??= await importCharts();
  return loaded;
}

/** The charts when they have come already: React.lazy would show a place holder once more, and keep it for a while. */
export function findCharts(): Charts | undefined {
  return loaded;
}

async function importCharts() {
  const [{ SessionsChart }, { BreakdownChart }] = await Promise.all([
    import("./SessionsChart.tsx"),
    import("./BreakdownChart.tsx"),
  ]);
  return { SessionsChart, BreakdownChart };
}
