/** How many days an account keeps its reports unless it says otherwise: the messages, and what was counted. */
export const DEFAULT_RETENTION = { rawDays: 90, dailyDays: 400 };
