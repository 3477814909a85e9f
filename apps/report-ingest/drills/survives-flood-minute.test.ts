import { testSurvivesFlood } from "../e2e/survive-flood.ts";

testSurvivesFlood({ durationMs: 60_000, leastSent: 400 });
