/** Sign-in of the demo account. */
export const DEMO_EMAIL = "demo@example.com";
export const DEMO_PASSWORD = "demo-waxseal-demo";

export async function seedDemo(_env: Record<string, string>, _tell: (line: string) => void): Promise<void> {}
