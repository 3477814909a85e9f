/** The pages of the help, in the order in which an owner meets their subjects. */
export const HELP_PAGES = [
  { page: "what-mta-sts-does", title: "What MTA-STS does" },
  { page: "three-records", title: "The three records" },
  { page: "reading-reports", title: "Reading reports" },
  { page: "moving-to-enforce", title: "Moving to enforce" },
  { page: "changing-mail-provider", title: "Changing your mail provider" },
  { page: "turning-off", title: "Turning MTA-STS off" },
  { page: "for-administrators", title: "For administrators" },
  { page: "api", title: "API" },
  { page: "webhooks", title: "Webhooks" },
  { page: "self-hosting", title: "Self-hosting" },
  { page: "glossary", title: "Glossary" },
] as const;
