/** The `User-Agent` of checks of a policy; servers of policies tell them apart from mail servers by it. */
export const CHECK_USER_AGENT = "waxseal-check";
