import { testSurvivesFlood } from "./survive-flood.ts";

testSurvivesFlood({ durationMs: 8_000, leastSent: 10 });
