/** The share of sessions that went well; null without any session. */
export function successShare(row: { successfulSessions: number; failedSessions: number }): number | null {
  const sessions = row.successfulSessions + row.failedSessions;
  return sessions === 0 ? null : row.successfulSessions / sessions;
}
