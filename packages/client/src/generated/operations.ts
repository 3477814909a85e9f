// Made from the OpenAPI document by apps/api/testing/generate-client.ts; a test compares it, and writes it with vitest -u.
export interface components {
    schemas: {
        readonly AccountChoice: {
            readonly accountId: string;
        };
        readonly AccountName: {
            readonly name: string;
        };
        readonly AlertExplanation: {
            readonly domain: string;
            readonly items: readonly {
                readonly condition: string;
                readonly looked: string;
                readonly lookedAt: string | null;
                readonly severity: ("critical" | "warning" | "notice") | null;
                /** @enum {string} */
                readonly state: "open" | "pending" | "clear" | "unknown" | "off";
                readonly subject: string | null;
                readonly threshold: string;
                readonly title: string;
                readonly why: string;
            }[];
            readonly nextCursor: string | null;
        };
        readonly ApiKey: {
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: {
                readonly id: string | null;
                readonly name: string;
            } | null;
            readonly expiresAt: string | null;
            readonly id: string;
            readonly lastUsedAt: string | null;
            readonly name: string;
            /** @enum {string} */
            readonly scope: "read" | "onboard" | "write" | "admin";
            readonly start: string | null;
        };
        readonly ApiKeyList: {
            readonly items: readonly components["schemas"]["ApiKey"][];
            readonly nextCursor: string | null;
        };
        readonly Brand: {
            readonly color: string | null;
            readonly colorNote: string | null;
            readonly colors: {
                readonly dark: {
                    readonly accent: string;
                    readonly accentHover: string;
                    readonly accentWash: string;
                    readonly onAccent: string;
                };
                readonly light: {
                    readonly accent: string;
                    readonly accentHover: string;
                    readonly accentWash: string;
                    readonly onAccent: string;
                };
            } | null;
            readonly isOwnName: boolean;
            readonly logo: {
                readonly bytes: number;
                readonly type: string;
                readonly version: string;
            } | null;
            readonly name: string;
            readonly senderName: string | null;
        };
        readonly BrandHost: {
            readonly host: string | null;
            readonly problem: string | null;
            readonly records: readonly {
                readonly name: string;
                /** @enum {string} */
                readonly type: "CNAME" | "TXT";
                readonly value: string;
            }[];
            /** @enum {string} */
            readonly state: "none" | "waiting" | "certificate" | "active";
            readonly url: string | null;
        };
        readonly BulkAdd: {
            readonly ask?: boolean | undefined;
            readonly createCustomers?: boolean | undefined;
            readonly items: readonly {
                readonly customer?: (string | null) | undefined;
                readonly customerExternalId?: string | undefined;
                readonly domain: string;
            }[];
        };
        readonly BulkAdded: {
            readonly items: readonly {
                readonly accountId: string | null;
                readonly customer: string | null;
                readonly domain: string;
                readonly domainId: string | null;
                /** @enum {string} */
                readonly outcome: "added" | "present" | "refused";
                readonly problem: string | null;
                readonly reason: ("invalid_input" | "malformed_request" | "wrong_method" | "idempotency_key_reused" | "not_signed_in" | "key_not_valid" | "session_expired" | "account_not_named" | "no_membership" | "role_too_low" | "scope_too_narrow" | "foreign_page" | "sso_session" | "sso_required" | "sso_refused" | "two_factor_required" | "sign_in_too_old" | "other_address" | "owners_only" | "names_other_account" | "account_suspended" | "not_invited" | "access_denied" | "no_such_object" | "no_such_page" | "expired_token" | "domain_exists" | "domain_leaving" | "domain_left" | "domain_not_leaving" | "domain_cached" | "policy_changed" | "mx_changed" | "change_ended" | "wave_waiting" | "change_without_effect" | "external_id_taken" | "customer_ambiguous" | "customer_of_customer" | "account_ambiguous" | "account_closing" | "account_not_closing" | "account_not_suspended" | "account_has_customers" | "member_exists" | "user_exists" | "authorization_pending" | "login_answered" | "not_a_member" | "last_owner" | "last_second_factor" | "second_factor_missing" | "own_second_factor" | "not_a_person" | "request_under_way" | "answer_not_kept" | "message_in_use" | "channel_not_confirmed" | "channel_without_secret" | "notification_waiting" | "selection_changed" | "channel_ambiguous" | "changed_meanwhile" | "sign_in_under_way" | "no_mail_host" | "sandbox_refused" | "reports_not_moved" | "account_is_customer" | "etag_mismatch" | "no_etag" | "probably_a_mistake" | "mail_at_risk" | "too_often" | "too_many_at_once" | "too_large" | "too_many_objects" | "slow_down" | "daily_limit" | "dependency_away" | "database_away" | "not_published_yet" | "sso_away" | "stopping" | "not_running" | "internal_error" | "reports_database_away") | null;
                readonly setup: readonly {
                    /** @enum {string} */
                    readonly kind: "policyHost" | "stsRecord" | "tlsRptRecord";
                    readonly name: string;
                    readonly target: string;
                    /** @constant */
                    readonly type: "CNAME";
                }[];
            }[];
        };
        readonly Certificate: {
            readonly attempts: number;
            readonly current: {
                readonly fingerprint256: string;
                readonly issuer: string;
                /** Format: date-time */
                readonly notAfter: string;
                /** Format: date-time */
                readonly notBefore: string;
                readonly renewAt: string | null;
                readonly serial: string;
            } | null;
            readonly held: {
                readonly reason: string;
                /** Format: date-time */
                readonly until: string;
            } | null;
            readonly host: string;
            readonly lastError: {
                /** Format: date-time */
                readonly at: string;
                readonly code: string;
                readonly detail: string;
            } | null;
            readonly nextAttemptAt: string | null;
            /** @enum {string} */
            readonly state: "waiting" | "preflight" | "ordering" | "validating" | "finalizing" | "issued" | "failing" | "stopped";
            /** Format: date-time */
            readonly stateSince: string;
        };
        readonly Channel: {
            /** Format: date-time */
            readonly createdAt: string;
            readonly deliveredAt: string | null;
            readonly hasSecret: boolean;
            /** Format: uuid */
            readonly id: string;
            /** @enum {string} */
            readonly kind: "mail" | "webhook" | "slack" | "teams" | "discord" | "pagerduty";
            readonly match: {
                readonly conditions?: readonly ("cname.missing" | "cname.wrong" | "claim.lost" | "mx.uncovered" | "mx.badTls" | "mx.expiring" | "dane.broken" | "mx.migration" | "mx.changed" | "host.certificate" | "publish.stuck" | "host.refused" | "failures.up" | "failures.new" | "reports.silent" | "reporter.silent" | "reports.none" | "reports.rejected" | "reports.forged" | "leave.state" | "channel.dead")[] | undefined;
                readonly customers?: readonly string[] | undefined;
                readonly tags?: readonly string[] | undefined;
            };
            /** @enum {string} */
            readonly minSeverity: "critical" | "warning" | "notice";
            readonly name: string;
            readonly oldSecretUntil: string | null;
            readonly problem: string | null;
            /** @enum {string} */
            readonly state: "active" | "unverified" | "failing" | "disabled";
            readonly target: string;
        };
        readonly ChannelChange: {
            readonly isEnabled?: boolean | undefined;
            readonly match?: {
                readonly conditions?: readonly ("cname.missing" | "cname.wrong" | "claim.lost" | "mx.uncovered" | "mx.badTls" | "mx.expiring" | "dane.broken" | "mx.migration" | "mx.changed" | "host.certificate" | "publish.stuck" | "host.refused" | "failures.up" | "failures.new" | "reports.silent" | "reporter.silent" | "reports.none" | "reports.rejected" | "reports.forged" | "leave.state" | "channel.dead")[] | undefined;
                readonly customers?: readonly string[] | undefined;
                readonly tags?: readonly string[] | undefined;
            } | undefined;
            /** @enum {string} */
            readonly minSeverity?: ("critical" | "warning" | "notice") | undefined;
            readonly name?: string | undefined;
            readonly target?: string | undefined;
        };
        readonly ChannelList: {
            readonly hint: string | null;
            readonly items: readonly components["schemas"]["Channel"][];
            readonly nextCursor: string | null;
        };
        readonly ChannelSecret: {
            readonly oldSecretUntil: string | null;
            readonly secret: string;
        };
        readonly ChannelTest: {
            readonly detail: string;
            readonly ok: boolean;
            readonly status: number | null;
        };
        readonly Check: {
            readonly certificate: {
                readonly issuer: string;
                readonly names: readonly string[];
                /** Format: date-time */
                readonly notAfter: string;
            } | null;
            /** Format: date-time */
            readonly checkedAt: string;
            readonly domain: string;
            readonly findings: readonly components["schemas"]["CheckFinding"][];
            readonly mx: readonly {
                readonly covered: boolean | null;
                readonly detail: string | null;
                readonly mxHost: string;
                readonly preference: number;
                /** @enum {string} */
                readonly startTls: "ok" | "not-offered" | "bad-certificate" | "unreachable" | "not-tried";
            }[];
            readonly policy: {
                readonly addresses: readonly string[];
                readonly body: string | null;
                readonly contentType: string | null;
                readonly found: boolean;
                readonly maxAgeSeconds: number | null;
                readonly mode: string | null;
                readonly mx: readonly string[];
                readonly tlsVersion: string | null;
            };
            readonly record: {
                readonly found: boolean;
                readonly policyId: string | null;
                readonly text: string | null;
            };
            readonly tlsRpt: {
                readonly found: boolean;
                readonly rua: readonly string[];
                readonly text: string | null;
            };
            readonly toPublish: {
                readonly policy: {
                    readonly body: string;
                    readonly reason: string;
                    readonly url: string;
                } | null;
                readonly records: readonly {
                    readonly line: string;
                    readonly name: string;
                    readonly reason: string;
                    readonly value: string;
                }[];
            };
            /** @enum {string} */
            readonly verdict: "ok" | "warning" | "error" | "none";
        };
        readonly CheckFinding: {
            readonly code: string;
            readonly fix: string | null;
            readonly message: string;
            readonly mxHost: string | null;
            readonly rfc: string | null;
            /** @enum {string} */
            readonly severity: "error" | "warning" | "note" | "ok";
            /** @enum {string} */
            readonly subject: "record" | "policy" | "certificate" | "mx" | "tlsrpt" | "dns";
        };
        readonly Closing: {
            /** Format: date-time */
            readonly beginsAt: string;
            readonly closingAt: string | null;
            readonly customerNames: readonly string[];
            readonly customers: number;
            readonly domains: readonly {
                readonly domain: string;
                readonly leavesAt: string | null;
                /** @enum {string} */
                readonly status: "pending" | "active" | "leaving" | "left";
            }[];
            readonly domainsGone: number;
            readonly domainsStaying: number;
        };
        readonly CreatedApiKey: {
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: {
                readonly id: string | null;
                readonly name: string;
            } | null;
            readonly expiresAt: string | null;
            readonly id: string;
            readonly key: string;
            readonly lastUsedAt: string | null;
            readonly name: string;
            /** @enum {string} */
            readonly scope: "read" | "onboard" | "write" | "admin";
            readonly start: string | null;
        };
        readonly CreatedChannel: {
            /** Format: date-time */
            readonly createdAt: string;
            readonly deliveredAt: string | null;
            readonly hasSecret: boolean;
            /** Format: uuid */
            readonly id: string;
            /** @enum {string} */
            readonly kind: "mail" | "webhook" | "slack" | "teams" | "discord" | "pagerduty";
            readonly match: {
                readonly conditions?: readonly ("cname.missing" | "cname.wrong" | "claim.lost" | "mx.uncovered" | "mx.badTls" | "mx.expiring" | "dane.broken" | "mx.migration" | "mx.changed" | "host.certificate" | "publish.stuck" | "host.refused" | "failures.up" | "failures.new" | "reports.silent" | "reporter.silent" | "reports.none" | "reports.rejected" | "reports.forged" | "leave.state" | "channel.dead")[] | undefined;
                readonly customers?: readonly string[] | undefined;
                readonly tags?: readonly string[] | undefined;
            };
            /** @enum {string} */
            readonly minSeverity: "critical" | "warning" | "notice";
            readonly name: string;
            readonly oldSecretUntil: string | null;
            readonly problem: string | null;
            readonly secret: string | null;
            /** @enum {string} */
            readonly state: "active" | "unverified" | "failing" | "disabled";
            readonly target: string;
        };
        readonly CreatedInstructionSheet: {
            readonly chosenDomains: number;
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: string;
            /** Format: date-time */
            readonly expiresAt: string;
            /** Format: uuid */
            readonly id: string;
            readonly mailedTo: string | null;
            /** @enum {string} */
            readonly only: "missing" | "all";
            readonly sheetToken: string;
            readonly site: string | null;
            readonly subject: string | null;
        };
        readonly CreatedShare: {
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: string;
            readonly shareToken: string;
            readonly site: string | null;
        };
        readonly CurrentPolicy: {
            readonly body: string;
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: string;
            readonly maxAgeSeconds: number;
            /** @enum {string} */
            readonly mode: "enforce" | "testing" | "none";
            readonly mx: readonly string[];
            readonly policyId: string;
            readonly version: number;
        };
        readonly Customer: {
            readonly attention: number;
            /** Format: date-time */
            readonly createdAt: string;
            readonly domains: number;
            readonly externalId: string | null;
            readonly good: number;
            readonly id: string;
            readonly mailFailing: number;
            readonly name: string;
            readonly reports: components["schemas"]["ReportFigures"] | null;
            readonly settingUp: number;
        };
        readonly CustomerChange: {
            readonly externalId?: (string | null) | undefined;
            readonly name?: string | undefined;
        };
        readonly CustomerList: {
            readonly items: readonly components["schemas"]["Customer"][];
            readonly nextCursor: string | null;
        };
        readonly CustomerReports: {
            /** Format: date */
            readonly from: string;
            readonly items: readonly {
                readonly accountId: string;
                readonly customer: string | null;
                readonly days: readonly (number | null)[];
                readonly domains: number;
                readonly externalId: string | null;
                readonly failedSessions: number;
                readonly failingDomains: number;
                readonly lastDay: string | null;
                readonly sessions: number;
                readonly successShare: number | null;
            }[];
            readonly nextCursor: string | null;
            /** Format: date */
            readonly to: string;
            readonly totals: {
                readonly days: readonly (number | null)[];
                readonly domains: number;
                readonly failedSessions: number;
                readonly failingDomains: number;
                readonly lastDay: string | null;
                readonly sessions: number;
                readonly successShare: number | null;
            };
        };
        readonly Delivery: {
            /** Format: date-time */
            readonly at: string;
            readonly detail: string | null;
            /** Format: uuid */
            readonly id: string;
            readonly incidentId: string | null;
            /** @enum {string} */
            readonly kind: "opened" | "worse" | "changed" | "reminder" | "resolved" | "test" | "overflow" | "channelDisabled";
            readonly ms: number;
            /** Format: uuid */
            readonly notificationId: string;
            readonly ok: boolean;
            readonly status: number | null;
            readonly summary: string | null;
        };
        readonly DeliveryList: {
            readonly heldBack: number;
            readonly items: readonly components["schemas"]["Delivery"][];
            readonly nextCursor: string | null;
        };
        readonly DeviceAllow: {
            /** @enum {string} */
            readonly scope: "read" | "onboard" | "write" | "admin";
        };
        readonly DeviceKey: {
            readonly account: {
                readonly id: string;
                readonly name: string;
            };
            readonly key: string;
            /** @enum {string} */
            readonly scope: "read" | "onboard" | "write" | "admin";
        };
        readonly DeviceLogin: {
            readonly address: string;
            /** Format: date-time */
            readonly askedAt: string;
            readonly client: string;
            /** Format: date-time */
            readonly expiresAt: string;
            /** @enum {string} */
            readonly scope: "read" | "onboard" | "write" | "admin";
            readonly userCode: string;
        };
        readonly DeviceLoginStart: {
            readonly deviceCode: string;
            readonly expiresInSeconds: number;
            readonly intervalSeconds: number;
            readonly userCode: string;
            readonly verificationUri: string;
            readonly verificationUriComplete: string;
        };
        readonly DevicePoll: {
            readonly deviceCode: string;
        };
        readonly Digest: {
            readonly changes: readonly string[];
            readonly domains: number;
            readonly expiring: readonly {
                readonly domains: number;
                readonly host: string;
                /** Format: date-time */
                readonly notAfter: string;
            }[];
            readonly figures: {
                readonly failedSessions: number;
                readonly senders: number;
                readonly sessions: number;
            } | null;
            /** Format: date */
            readonly from: string;
            readonly isQuiet: boolean;
            readonly needs: {
                readonly items: readonly {
                    readonly accountId: string;
                    readonly customer: string | null;
                    readonly domain: string;
                    /** Format: uuid */
                    readonly domainId: string;
                    readonly text: string;
                }[];
                readonly total: number;
            };
            /** @enum {string} */
            readonly period: "daily" | "weekly" | "monthly";
            /** Format: date */
            readonly to: string;
            readonly verdict: string;
        };
        readonly DnsHost: {
            readonly nameservers: readonly string[];
            readonly zone: string | null;
        };
        readonly Domain: {
            readonly activeAt: string | null;
            readonly cacheHorizonAt: string | null;
            readonly certificate: components["schemas"]["Certificate"] | null;
            readonly checkedAt: string | null;
            readonly checks: readonly components["schemas"]["HealthCheck"][];
            /** Format: date-time */
            readonly createdAt: string;
            readonly dns: components["schemas"]["DnsHost"];
            readonly domain: string;
            readonly enforceReadiness: components["schemas"]["EnforceReadiness"] | null;
            readonly health: components["schemas"]["Health"];
            /** Format: uuid */
            readonly id: string;
            readonly leavingAt: string | null;
            readonly leftAt: string | null;
            readonly mx: readonly components["schemas"]["MxHost"][];
            readonly mxCheckedAt: string | null;
            readonly nextCheckAt: string | null;
            readonly policy: components["schemas"]["PolicyVersion"] | null;
            readonly problem: boolean;
            readonly publishedPolicyId: string | null;
            readonly publishHold: ("mx-all-uncovered" | "mx-uncovered" | "mx-no-starttls" | "mx-certificate-expired" | "mx-certificate-host-mismatch" | "mx-certificate-not-trusted" | "mx-tls-too-old" | "mx-name-unusable" | "mx-unknown" | "would-refuse" | "no-evidence" | "dane-mismatch" | "mx-certificate-soon" | "host-certificate-soon" | "cname-missing" | "max-age-jump" | "mx-move-running" | "null-mx") | null;
            readonly publishProblem: string | null;
            readonly readiness: readonly components["schemas"]["ReadinessStep"][];
            readonly reportAddresses: readonly string[];
            readonly sentence: string;
            readonly setup: readonly components["schemas"]["SetupRecord"][];
            /** @enum {string} */
            readonly status: "pending" | "active" | "leaving" | "left";
        };
        readonly DomainList: {
            readonly items: readonly components["schemas"]["DomainSummary"][];
            readonly nextCursor: string | null;
            readonly total: number | null;
        };
        readonly DomainPreview: {
            readonly items: readonly {
                readonly customer: string | null;
                readonly domain: string | null;
                readonly line: number;
                readonly problem: string | null;
                readonly text: string;
            }[];
            readonly newCustomers: readonly string[];
        };
        readonly DomainQuestion: {
            /** @enum {string} */
            readonly code: "no-such-domain" | "no-mail" | "host-name" | "like-another";
            readonly text: string;
        };
        readonly DomainSummary: {
            readonly certificateNotAfter: string | null;
            /** Format: date-time */
            readonly createdAt: string;
            readonly domain: string;
            readonly health: components["schemas"]["Health"];
            /** Format: uuid */
            readonly id: string;
            readonly mode: ("enforce" | "testing" | "none") | null;
            /** @enum {string} */
            readonly mxState: "none" | "good" | "unknown" | "bad" | "uncovered";
            readonly openAlerts: number;
            readonly problem: boolean;
            readonly reports: components["schemas"]["ReportFigures"] | null;
            readonly sentence: string;
            readonly setupStates: {
                /** @enum {string} */
                readonly policyHost: "unchecked" | "missing" | "wrong" | "correct" | "unreachable";
                /** @enum {string} */
                readonly stsRecord: "unchecked" | "missing" | "wrong" | "correct" | "unreachable";
                /** @enum {string} */
                readonly tlsRptRecord: "unchecked" | "missing" | "wrong" | "correct" | "unreachable";
            };
            /** @enum {string} */
            readonly status: "pending" | "active" | "leaving" | "left";
            readonly tags: readonly string[];
        };
        readonly DomainSurvey: {
            readonly changes: readonly string[];
            /** Format: date-time */
            readonly lookedAt: string;
            readonly mtaSts: {
                readonly hostTarget: string | null;
                readonly policy: {
                    readonly body: string;
                    readonly maxAgeSeconds: number | null;
                    readonly mode: string | null;
                    readonly mx: readonly string[];
                } | null;
                readonly problem: string | null;
                readonly record: string | null;
                readonly recordTarget: string | null;
                /** @enum {string} */
                readonly state: "none" | "elsewhere" | "here" | "unknown";
            };
            readonly patterns: readonly {
                readonly pattern: string;
                readonly why: string;
            }[];
            readonly tlsRpt: {
                readonly record: string | null;
                readonly rua: readonly string[];
                /** @enum {string} */
                readonly state: "none" | "elsewhere" | "here" | "unknown";
                readonly target: string | null;
            };
        };
        readonly EmailChange: {
            readonly email: string;
            readonly waitsFor: ("old" | "new") | null;
        };
        readonly EnforceReadiness: {
            readonly neededDays: number;
            readonly neededSessions: number;
            readonly progress: number;
            readonly refusedSessions: number;
            readonly refusedShareAtMost: number | null;
            readonly reportDays: number;
            readonly reporters: number;
            readonly sessions: number;
            /** @enum {string} */
            readonly state: "failing" | "collecting" | "unsure" | "ready";
            readonly text: string;
        };
        readonly Event: {
            readonly accountId: string;
            readonly actor: {
                /** @enum {string} */
                readonly kind: "user" | "apiKey" | "job" | "operator";
                readonly name: string;
            };
            /** Format: date-time */
            readonly at: string;
            readonly customer?: (string | null) | undefined;
            readonly data: {
                readonly [key: string]: unknown;
            };
            readonly domainId: string | null;
            /** Format: uuid */
            readonly id: string;
            /** @enum {string} */
            readonly kind: "account.created" | "account.renamed" | "account.closing" | "account.keptOpen" | "account.twoFactorChanged" | "customer.created" | "customer.changed" | "member.invited" | "invitation.revoked" | "member.joined" | "member.roleChanged" | "member.removed" | "member.twoFactorChanged" | "member.passwordChanged" | "member.emailChanged" | "member.recoveryCodesRenewed" | "member.recoveryCodeUsed" | "member.twoFactorResetAsked" | "member.twoFactorResetCanceled" | "member.twoFactorReset" | "member.passkeyAdded" | "member.passkeyRemoved" | "sso.changed" | "sso.removed" | "sso.failed" | "apiKey.created" | "apiKey.deleted" | "domain.added" | "domain.claimed" | "domain.active" | "domain.leaving" | "domain.left" | "domain.restored" | "domain.removed" | "domain.shared" | "domain.unshared" | "setup.changed" | "mx.changed" | "policy.created" | "policy.published" | "policy.publishFailed" | "policy.held" | "certificate.orderStarted" | "certificate.issued" | "certificate.failed" | "certificate.stopped" | "report.received" | "report.quarantined" | "quarantine.reparsed" | "retention.changed" | "sheet.created" | "sheet.ended" | "brand.changed" | "brand.hostChanged" | "domain.tagged" | "savedFilter.created" | "savedFilter.removed" | "policyChange.prepared" | "policyChange.continued" | "policyChange.stopped" | "incident.changed" | "channel.added" | "channel.changed" | "channel.removed" | "monthlyReport.addressAdded" | "monthlyReport.addressRemoved" | "monthlyReport.customersChanged";
            readonly text: string;
        };
        readonly EventList: {
            readonly items: readonly components["schemas"]["Event"][];
            readonly nextCursor: string | null;
        };
        readonly FailureCluster: {
            readonly byMxHost: {
                readonly [key: string]: number;
            };
            readonly byResult: {
                readonly [key: string]: number;
            };
            readonly cause: string;
            readonly domains: readonly string[];
            readonly failedSessions: number;
            /** Format: date */
            readonly firstDay: string;
            /** @enum {string} */
            readonly fixedBy: "domain-owner" | "mx-operator" | "dns-operator" | "us" | "sender" | "nobody" | "unknown";
            /** Format: date */
            readonly lastDay: string;
            readonly meaning: string;
            readonly message: {
                readonly body: string;
                readonly subject: string;
            };
            readonly mxHost: string;
            readonly nextStep: string;
            readonly outcome: string;
            readonly provenFailedSessions: number;
            readonly reasonCode: string;
            readonly reporter: string;
            readonly reporters: readonly {
                readonly failedSessions: number;
                /** Format: date */
                readonly firstDay: string;
                /** Format: date */
                readonly lastDay: string;
                readonly reasonCodes: readonly string[];
                readonly reporter: string;
                /** @enum {string} */
                readonly trust: "aligned" | "signed" | "unsigned";
            }[];
            readonly resultType: string;
            readonly sendingAddresses: readonly {
                readonly failedSessions: number;
                readonly network: components["schemas"]["Network"] | null;
                readonly sendingMtaIp: string;
            }[];
            readonly share: number;
            readonly status: {
                /** Format: date */
                readonly since: string;
                /** @enum {string} */
                readonly state: "continuing" | "over";
            };
            readonly title: string;
            readonly trend: {
                /** @enum {string} */
                readonly direction: "new" | "rising" | "steady" | "falling";
                readonly failedSessionsBefore: number;
            };
        };
        readonly FailureClusterList: {
            /** Format: date */
            readonly from: string;
            readonly items: readonly components["schemas"]["FailureCluster"][];
            readonly nextCursor: string | null;
            /** Format: date */
            readonly to: string;
            readonly totalSessions: number;
        };
        readonly FailureDetail: {
            readonly additionalInfo: string | null;
            readonly failedSessions: number | null;
            readonly failureReasonCode: string | null;
            readonly network: components["schemas"]["Network"] | null;
            readonly receivingIp: string | null;
            readonly receivingMxHelo: string | null;
            readonly receivingMxHost: string | null;
            readonly resultType: string;
            readonly sendingMtaIp: string | null;
            readonly title: string;
        };
        readonly FetchSummary: {
            readonly coverage: number | null;
            /** Format: date */
            readonly from: string;
            readonly handshakeFailures: readonly {
                readonly failures: number;
                /** Format: date-time */
                readonly lastHour: string;
                readonly meaning: string;
                readonly reason: string;
            }[];
            readonly items: readonly {
                /** Format: date */
                readonly day: string;
                readonly refused: number;
                readonly served: number;
                readonly version: number;
            }[];
            readonly networks: readonly {
                readonly fetches: number;
                /** Format: date-time */
                readonly lastHour: string;
                readonly network: string;
                readonly newestVersion: number;
                readonly owner: components["schemas"]["Network"] | null;
            }[];
            readonly nextCursor: string | null;
            readonly senders: readonly {
                readonly fetches: number;
                readonly isSilentForAll: boolean;
                readonly lastHour: string | null;
                readonly lastReportDay: string | null;
                readonly name: string;
                readonly networks: number;
                readonly reportDays: number;
                readonly reporter: string | null;
                /** @enum {string} */
                readonly state: "reports" | "silent" | "never" | "unknown";
            }[];
            readonly timeline: readonly {
                /** Format: date-time */
                readonly at: string;
                readonly refused: number;
                readonly versions: readonly {
                    readonly served: number;
                    readonly version: number;
                }[];
            }[];
            /** Format: date */
            readonly to: string;
            readonly totals: {
                readonly handshakeFailures: number;
                readonly networks: number;
                readonly refused: number;
                readonly served: number;
            };
            readonly versions: readonly {
                /** Format: date-time */
                readonly lastHour: string;
                readonly networks: number;
                readonly served: number;
                readonly share: number;
                readonly version: number;
            }[];
        };
        readonly Found: {
            readonly customers: readonly {
                readonly externalId: string | null;
                readonly id: string;
                readonly name: string;
            }[];
            readonly domains: readonly {
                readonly accountId: string;
                readonly customer: string | null;
                readonly domain: string;
                readonly id: string;
            }[];
            readonly reporters: readonly string[];
            readonly reports: readonly {
                readonly id: string;
                /** Format: date */
                readonly reportDay: string;
                readonly reporter: string;
                readonly reportId: string;
            }[];
        };
        readonly Health: {
            readonly code: string | null;
            readonly reason: string | null;
            readonly since: string | null;
            /** @enum {string} */
            readonly state: "mail-failing" | "at-risk" | "needs-action" | "waiting" | "working" | "good" | "off";
        };
        readonly HealthCheck: {
            readonly at: string | null;
            readonly atLabel: string | null;
            /** @enum {string} */
            readonly part: "dns" | "certificate" | "policy" | "mx" | "reports";
            /** @enum {string} */
            readonly tone: "good" | "working" | "notice" | "bad" | "idle";
            readonly word: string;
        };
        readonly Home: {
            readonly attention: {
                readonly items: readonly {
                    readonly accountId: string;
                    readonly action: string;
                    readonly customer: string | null;
                    readonly domain: string;
                    /** Format: uuid */
                    readonly domainId: string;
                    readonly health: components["schemas"]["Health"];
                }[];
                readonly total: number;
            };
            readonly byHealth: {
                readonly "at-risk": number;
                readonly good: number;
                readonly "mail-failing": number;
                readonly "needs-action": number;
                readonly off: number;
                readonly waiting: number;
                readonly working: number;
            };
            readonly changes: readonly {
                readonly accountId: string;
                readonly actor: {
                    /** @enum {string} */
                    readonly kind: "user" | "apiKey" | "job" | "operator";
                    readonly name: string;
                };
                /** Format: date-time */
                readonly at: string;
                readonly customer?: (string | null) | undefined;
                readonly data: {
                    readonly [key: string]: unknown;
                };
                readonly domain: string | null;
                readonly domainId: string | null;
                /** Format: uuid */
                readonly id: string;
                /** @enum {string} */
                readonly kind: "account.created" | "account.renamed" | "account.closing" | "account.keptOpen" | "account.twoFactorChanged" | "customer.created" | "customer.changed" | "member.invited" | "invitation.revoked" | "member.joined" | "member.roleChanged" | "member.removed" | "member.twoFactorChanged" | "member.passwordChanged" | "member.emailChanged" | "member.recoveryCodesRenewed" | "member.recoveryCodeUsed" | "member.twoFactorResetAsked" | "member.twoFactorResetCanceled" | "member.twoFactorReset" | "member.passkeyAdded" | "member.passkeyRemoved" | "sso.changed" | "sso.removed" | "sso.failed" | "apiKey.created" | "apiKey.deleted" | "domain.added" | "domain.claimed" | "domain.active" | "domain.leaving" | "domain.left" | "domain.restored" | "domain.removed" | "domain.shared" | "domain.unshared" | "setup.changed" | "mx.changed" | "policy.created" | "policy.published" | "policy.publishFailed" | "policy.held" | "certificate.orderStarted" | "certificate.issued" | "certificate.failed" | "certificate.stopped" | "report.received" | "report.quarantined" | "quarantine.reparsed" | "retention.changed" | "sheet.created" | "sheet.ended" | "brand.changed" | "brand.hostChanged" | "domain.tagged" | "savedFilter.created" | "savedFilter.removed" | "policyChange.prepared" | "policyChange.continued" | "policyChange.stopped" | "incident.changed" | "channel.added" | "channel.changed" | "channel.removed" | "monthlyReport.addressAdded" | "monthlyReport.addressRemoved" | "monthlyReport.customersChanged";
                readonly text: string;
            }[];
            readonly customers: number;
            readonly domains: number;
            readonly mail: {
                readonly before: {
                    readonly sessions: number;
                    readonly successShare: number | null;
                };
                readonly now: components["schemas"]["ReportFigures"];
            } | null;
            readonly next: {
                readonly expiring: readonly {
                    readonly accountId: string;
                    /** Format: uuid */
                    readonly domainId: string;
                    readonly domains: number;
                    readonly host: string;
                    /** Format: date-time */
                    readonly notAfter: string;
                }[];
                readonly ready: readonly {
                    readonly accountId: string;
                    readonly customer: string | null;
                    readonly domain: string;
                    /** Format: uuid */
                    readonly domainId: string;
                }[];
                readonly readyTotal: number;
                readonly silent: readonly {
                    /** Format: date */
                    readonly lastDay: string;
                    readonly reporter: string;
                }[];
                readonly waves: readonly {
                    readonly beginsAt: string | null;
                    /** Format: uuid */
                    readonly changeId: string;
                    readonly domains: number;
                    readonly wave: number;
                }[];
            };
            readonly refusing: number;
        };
        readonly Incident: {
            readonly acknowledgedAt: string | null;
            readonly acknowledgedBy: string | null;
            readonly action: string;
            readonly condition: string;
            readonly domainCount: number;
            readonly domains: readonly {
                readonly accountId: string;
                readonly condition: string;
                readonly customer: string | null;
                readonly domain: string;
                readonly domainId: string | null;
                readonly resolvedAt: string | null;
                readonly subject: string;
                readonly text: string;
            }[];
            /** Format: uuid */
            readonly id: string;
            readonly isNotUseful: boolean;
            readonly note: string | null;
            /** Format: date-time */
            readonly openedAt: string;
            readonly resolvedAt: string | null;
            /** @enum {string} */
            readonly severity: "critical" | "warning" | "notice";
            readonly snoozedUntil: string | null;
            /** @enum {string} */
            readonly state: "open" | "resolved";
            readonly text: string;
            readonly title: string;
        };
        readonly IncidentDetail: {
            readonly acknowledgedAt: string | null;
            readonly acknowledgedBy: string | null;
            readonly action: string;
            readonly condition: string;
            readonly domainCount: number;
            readonly domains: readonly {
                readonly accountId: string;
                readonly condition: string;
                readonly customer: string | null;
                readonly domain: string;
                readonly domainId: string | null;
                readonly resolvedAt: string | null;
                readonly subject: string;
                readonly text: string;
            }[];
            /** Format: uuid */
            readonly id: string;
            readonly isNotUseful: boolean;
            readonly messages: readonly {
                /** Format: date-time */
                readonly at: string;
                /** Format: uuid */
                readonly id: string;
                /** @enum {string} */
                readonly kind: "opened" | "worse" | "changed" | "reminder" | "resolved" | "test" | "overflow" | "channelDisabled";
                /** @enum {string} */
                readonly state: "waiting" | "sending" | "sent" | "given_up" | "dropped";
                readonly summary: string | null;
                readonly to: string;
            }[];
            readonly note: string | null;
            /** Format: date-time */
            readonly openedAt: string;
            readonly resolvedAt: string | null;
            /** @enum {string} */
            readonly severity: "critical" | "warning" | "notice";
            readonly snoozedUntil: string | null;
            /** @enum {string} */
            readonly state: "open" | "resolved";
            readonly text: string;
            readonly title: string;
        };
        readonly IncidentList: {
            readonly items: readonly components["schemas"]["Incident"][];
            readonly nextCursor: string | null;
            readonly open: {
                readonly critical: number;
                readonly notice: number;
                readonly warning: number;
            };
        };
        readonly IncidentNote: {
            readonly isNotUseful?: boolean | undefined;
            readonly note?: string | undefined;
        };
        readonly Info: {
            readonly dataSources: readonly {
                readonly licence: string;
                readonly name: string;
                readonly url: string;
            }[];
            readonly hostedZone: string;
            readonly sandbox: {
                readonly hasDns: boolean;
                readonly mailUrl: string | null;
            } | null;
        };
        readonly Instructions: {
            readonly domains: number;
            readonly from: {
                readonly colors: {
                    readonly dark: {
                        readonly accent: string;
                        readonly accentHover: string;
                        readonly accentWash: string;
                        readonly onAccent: string;
                    };
                    readonly light: {
                        readonly accent: string;
                        readonly accentHover: string;
                        readonly accentWash: string;
                        readonly onAccent: string;
                    };
                } | null;
                readonly hasLogo: boolean;
                readonly name: string;
            };
            readonly incomplete: number;
            readonly items: readonly {
                readonly accountId: string;
                readonly customer: string | null;
                readonly domain: string;
                /** Format: uuid */
                readonly domainId: string;
                readonly setup: readonly components["schemas"]["SetupRecord"][];
            }[];
            readonly nextCursor: string | null;
            /** @enum {string} */
            readonly only: "missing" | "all";
            readonly subject: string | null;
        };
        readonly InstructionSheet: {
            readonly chosenDomains: number;
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: string;
            /** Format: date-time */
            readonly expiresAt: string;
            /** Format: uuid */
            readonly id: string;
            readonly mailedTo: string | null;
            /** @enum {string} */
            readonly only: "missing" | "all";
            readonly subject: string | null;
        };
        readonly InstructionSheetList: {
            readonly items: readonly components["schemas"]["InstructionSheet"][];
            readonly nextCursor: string | null;
        };
        readonly Invitation: {
            /** Format: date-time */
            readonly createdAt: string;
            readonly email: string;
            /** Format: date-time */
            readonly expiresAt: string;
            readonly id: string;
            readonly invitedBy: {
                readonly id: string;
                readonly name: string;
            } | null;
            readonly isExpired: boolean;
            /** @enum {string} */
            readonly role: "owner" | "admin" | "editor" | "viewer";
        };
        readonly InvitationLink: {
            readonly accountId: string;
            readonly accountName: string;
            readonly email: string;
            /** Format: date-time */
            readonly expiresAt: string;
            readonly invitedBy: {
                readonly email: string;
                readonly name: string;
            } | null;
            readonly isAccepted: boolean;
            /** @enum {string} */
            readonly role: "owner" | "admin" | "editor" | "viewer";
        };
        readonly InvitationList: {
            readonly items: readonly components["schemas"]["Invitation"][];
            readonly nextCursor: string | null;
        };
        readonly Joined: {
            readonly accountId: string;
        };
        readonly Me: {
            readonly account: {
                readonly closingAt: string | null;
                readonly id: string;
                readonly name: string;
                /** @enum {string} */
                readonly role: "owner" | "admin" | "editor" | "viewer";
            };
            readonly accounts: readonly {
                readonly id: string;
                readonly name: string;
                /** @enum {string} */
                readonly role: "owner" | "admin" | "editor" | "viewer";
            }[];
            readonly brand: components["schemas"]["ShownBrand"] | null;
            readonly hostedZone: string;
            readonly provider: {
                readonly id: string;
                readonly name: string;
            } | null;
            readonly sandbox: {
                readonly hasDns: boolean;
                readonly mailUrl: string | null;
            } | null;
            readonly signIn: {
                readonly by: ("password" | "passkey" | "sso") | null;
                readonly hasPassword: boolean;
                readonly lacksSso: boolean;
                readonly scope: ("read" | "onboard" | "write" | "admin") | null;
            };
            readonly startsHere: boolean;
            readonly twoFactor: {
                readonly enabled: boolean;
                readonly hasPasskey: boolean;
                readonly lacking: boolean;
                readonly recoveryCodesLeft: number | null;
                readonly required: boolean;
            };
            readonly user: {
                readonly email: string;
                readonly id: string;
                readonly name: string;
            } | null;
        };
        readonly MemberList: {
            readonly items: readonly {
                readonly email: string;
                readonly hasPasskey: boolean;
                readonly hasTwoFactor: boolean;
                readonly id: string;
                readonly name: string;
                /** @enum {string} */
                readonly role: "owner" | "admin" | "editor" | "viewer";
                readonly twoFactorResetAt: string | null;
            }[];
            readonly nextCursor: string | null;
        };
        readonly MemberRole: {
            /** @enum {string} */
            readonly role: "owner" | "admin" | "editor" | "viewer";
        };
        readonly MonthlyRecipient: {
            readonly createdBy: string;
            readonly email: string;
            /** Format: uuid */
            readonly id: string;
            readonly nextAt: string | null;
            /** @enum {string} */
            readonly state: "asked" | "active" | "stopped";
        };
        readonly MonthlyRecipientList: {
            readonly items: readonly components["schemas"]["MonthlyRecipient"][];
            readonly nextCursor: string | null;
            readonly toCustomers: boolean;
        };
        readonly MonthlyReport: {
            readonly about: {
                /** @enum {string} */
                readonly kind: "domain" | "account" | "provider";
                readonly name: string;
            };
            readonly before: {
                readonly failedSessions: number;
                readonly month: string;
                readonly sessions: number;
                readonly successShare: number | null;
            };
            readonly brand: {
                readonly logo: string | null;
                readonly name: string;
            };
            readonly changes: readonly string[];
            readonly customerFailures: readonly {
                readonly customer: string;
                readonly domains: readonly string[];
                readonly failedSessions: number;
                /** @enum {string} */
                readonly fixedBy: "domain-owner" | "mx-operator" | "dns-operator" | "us" | "sender" | "nobody" | "unknown";
                readonly mxHost: string;
                readonly nextStep: string;
                readonly title: string;
            }[];
            readonly customers: readonly {
                readonly domains: number;
                readonly failedSessions: number;
                readonly failingDomains: number;
                readonly name: string;
                readonly sessions: number;
                readonly successShare: number | null;
            }[];
            readonly days: readonly {
                /** Format: date */
                readonly day: string;
                readonly failedSessions: number;
                readonly hasReports: boolean;
                readonly sessions: number;
                readonly successShare: number | null;
            }[];
            readonly domains: readonly {
                readonly domain: string;
                readonly mode: string | null;
                readonly sentence: string;
            }[];
            readonly evidence: {
                readonly reports: number;
                readonly unprovenReports: number;
            };
            readonly failures: readonly {
                readonly domains: readonly string[];
                readonly failedSessions: number;
                /** Format: date */
                readonly firstDay: string;
                /** @enum {string} */
                readonly fixedBy: "domain-owner" | "mx-operator" | "dns-operator" | "us" | "sender" | "nobody" | "unknown";
                /** Format: date */
                readonly lastDay: string;
                readonly meaning: string;
                readonly mxHost: string;
                readonly nextStep: string;
                readonly reporters: readonly string[];
                readonly share: number;
                readonly status: {
                    /** Format: date */
                    readonly since: string;
                    /** @enum {string} */
                    readonly state: "continuing" | "over";
                };
                readonly title: string;
                /** @enum {string} */
                readonly trend: "new" | "rising" | "steady" | "falling";
            }[];
            /** Format: date */
            readonly from: string;
            readonly isComplete: boolean;
            /** Format: date-time */
            readonly madeAt: string;
            readonly month: string;
            readonly senders: readonly {
                readonly failedSessions: number;
                readonly name: string;
                readonly sessions: number;
                readonly successShare: number | null;
            }[];
            /** Format: date */
            readonly to: string;
            readonly totals: {
                readonly failedSessions: number;
                readonly gapDays: number;
                readonly reports: number;
                readonly sessions: number;
                readonly successShare: number | null;
            };
        };
        readonly MxHost: {
            readonly covered: boolean;
            readonly mxHost: string;
            readonly preference: number;
            readonly problem: string | null;
            readonly provider: string | null;
        };
        readonly MxList: {
            readonly checkedAt: string | null;
            readonly former: readonly {
                readonly failedSessions: number;
                readonly mxHost: string;
            }[];
            readonly items: readonly {
                readonly covered: boolean;
                readonly failedSessions: number;
                readonly mxHost: string;
                readonly preference: number;
                readonly problem: string | null;
                readonly provider: string | null;
                readonly successShare: number | null;
            }[];
            readonly nextCursor: string | null;
            readonly reports: {
                /** Format: date */
                readonly from: string;
                readonly reports: number;
                readonly sessions: number;
                readonly successShare: number | null;
                /** Format: date */
                readonly to: string;
            };
            readonly unneeded: readonly string[];
        };
        readonly Network: {
            readonly asn: number;
            readonly country: string | null;
            readonly owner: string;
        };
        readonly NewAccount: {
            readonly name: string;
        };
        readonly NewApiKey: {
            readonly expiresInDays?: number | undefined;
            readonly name: string;
            /**
             * @default admin
             * @enum {string}
             */
            readonly scope?: ("read" | "onboard" | "write" | "admin") | undefined;
        };
        readonly NewBrand: {
            readonly color?: (string | null) | undefined;
            readonly name: string | null;
            readonly senderName?: (string | null) | undefined;
        };
        readonly NewBrandHost: {
            readonly host: string;
        };
        readonly NewChannel: {
            /** @enum {string} */
            readonly kind: "mail" | "webhook" | "slack" | "teams" | "discord" | "pagerduty";
            /** @default {} */
            readonly match?: {
                readonly conditions?: readonly ("cname.missing" | "cname.wrong" | "claim.lost" | "mx.uncovered" | "mx.badTls" | "mx.expiring" | "dane.broken" | "mx.migration" | "mx.changed" | "host.certificate" | "publish.stuck" | "host.refused" | "failures.up" | "failures.new" | "reports.silent" | "reporter.silent" | "reports.none" | "reports.rejected" | "reports.forged" | "leave.state" | "channel.dead")[] | undefined;
                readonly customers?: readonly string[] | undefined;
                readonly tags?: readonly string[] | undefined;
            } | undefined;
            /**
             * @default warning
             * @enum {string}
             */
            readonly minSeverity?: ("critical" | "warning" | "notice") | undefined;
            readonly name: string;
            readonly target: string;
        };
        readonly NewClosing: {
            readonly name: string;
        };
        readonly NewCustomer: {
            readonly externalId?: string | undefined;
            readonly name: string;
        };
        readonly NewDeviceLogin: {
            readonly client: string;
            /**
             * @default write
             * @enum {string}
             */
            readonly scope?: ("read" | "onboard" | "write" | "admin") | undefined;
        };
        readonly NewDomain: {
            readonly ask?: boolean | undefined;
            readonly domain: string;
        };
        readonly NewEmail: {
            /** Format: email */
            readonly email: string;
        };
        readonly NewInstructionSheet: {
            readonly accountId?: string | undefined;
            readonly domainIds?: readonly string[] | undefined;
            /** @default 90 */
            readonly expiresInDays?: number | undefined;
            /** Format: email */
            readonly mailTo?: string | undefined;
            /**
             * @default missing
             * @enum {string}
             */
            readonly only?: ("missing" | "all") | undefined;
        };
        readonly NewInvitation: {
            /** Format: email */
            readonly email: string;
            /**
             * @default viewer
             * @enum {string}
             */
            readonly role?: ("owner" | "admin" | "editor" | "viewer") | undefined;
        };
        readonly NewLogo: {
            /** Format: base64 */
            readonly image: string;
        };
        readonly NewPolicyChange: {
            readonly domainIds?: readonly string[] | undefined;
            readonly edit: {
                /** @default [] */
                readonly addMx?: readonly string[] | undefined;
                readonly maxAgeSeconds?: number | undefined;
                /** @enum {string} */
                readonly mode?: ("enforce" | "testing" | "none") | undefined;
                /** @default [] */
                readonly removeMx?: readonly string[] | undefined;
            };
            readonly exceptIds?: readonly string[] | undefined;
            readonly expected?: number | undefined;
            readonly filter?: {
                readonly accountId?: string | undefined;
                /** @enum {string} */
                readonly health?: ("attention" | "mail-failing" | "at-risk" | "needs-action" | "waiting" | "working" | "good" | "off") | undefined;
                readonly q?: string | undefined;
                /** @enum {string} */
                readonly status?: ("pending" | "active" | "leaving" | "left") | undefined;
                readonly tag?: string | undefined;
            } | undefined;
        };
        readonly NewRetention: {
            readonly dailyDays: number;
            readonly rawDays: number;
        };
        readonly NewSavedFilter: {
            readonly name: string;
            /** @enum {string} */
            readonly page: "domains" | "portfolio";
            readonly search: {
                readonly [key: string]: string;
            };
        };
        readonly NewSso: {
            readonly clientId: string;
            readonly clientSecret?: string | undefined;
            readonly domains: readonly string[];
            readonly isRequired: boolean;
            readonly issuer: string;
        };
        readonly OwnSignIn: {
            readonly email: string;
        };
        readonly PasskeyList: {
            readonly items: readonly {
                readonly createdAt: string | null;
                readonly id: string;
                readonly isSynced: boolean;
                readonly name: string;
            }[];
            readonly nextCursor: string | null;
        };
        readonly PasskeyName: {
            readonly name: string;
        };
        readonly PastedDomains: {
            readonly text: string;
        };
        readonly Person: {
            readonly accounts: readonly {
                readonly id: string;
                readonly name: string;
                /** @enum {string} */
                readonly role: "owner" | "admin" | "editor" | "viewer";
            }[];
            readonly departures: readonly {
                readonly accountId: string;
                readonly accountName: string;
                /** Format: date-time */
                readonly at: string;
                readonly by: string | null;
                /** @enum {string} */
                readonly reason: "removed" | "left" | "deleted";
            }[];
            readonly email: string;
            readonly invitations: readonly {
                readonly accountName: string;
                /** Format: date-time */
                readonly expiresAt: string;
                readonly invitedBy: {
                    readonly email: string;
                    readonly name: string;
                } | null;
                /** @enum {string} */
                readonly role: "owner" | "admin" | "editor" | "viewer";
            }[];
            readonly mayStartAccount: boolean;
            readonly name: string;
            readonly recoveryCodesLeft: number | null;
        };
        readonly PersonName: {
            readonly name: string;
        };
        readonly PolicyAssessInput: {
            readonly maxAgeSeconds: number;
            /** @enum {string} */
            readonly mode: "enforce" | "testing" | "none";
            readonly mx: readonly string[];
        };
        readonly PolicyChange: {
            readonly applied: number;
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: string;
            readonly domains: number;
            readonly edit: {
                /** @default [] */
                readonly addMx: readonly string[];
                readonly maxAgeSeconds?: number | undefined;
                /** @enum {string} */
                readonly mode?: ("enforce" | "testing" | "none") | undefined;
                /** @default [] */
                readonly removeMx: readonly string[];
            };
            readonly endedAt: string | null;
            readonly enforcing: number;
            readonly goesOn: boolean;
            readonly haltReason: string | null;
            /** Format: uuid */
            readonly id: string;
            readonly nextWaveAt: string | null;
            readonly refused: number;
            readonly revertsId: string | null;
            readonly stopped: number;
            readonly unchanged: number;
            readonly waiting: number;
            readonly wave: number;
            readonly waves: number;
        };
        readonly PolicyChangeList: {
            readonly items: readonly components["schemas"]["PolicyChange"][];
            readonly nextCursor: string | null;
        };
        readonly PolicyChangeStep: {
            /** @default 10 */
            readonly limit?: number | undefined;
        };
        readonly PolicyInput: {
            readonly acknowledge?: readonly ("mx-all-uncovered" | "mx-uncovered" | "mx-no-starttls" | "mx-certificate-expired" | "mx-certificate-host-mismatch" | "mx-certificate-not-trusted" | "mx-tls-too-old" | "mx-name-unusable" | "mx-unknown" | "would-refuse" | "no-evidence" | "dane-mismatch" | "mx-certificate-soon" | "host-certificate-soon" | "cname-missing" | "max-age-jump" | "mx-move-running" | "null-mx")[] | undefined;
            readonly assessmentId?: string | undefined;
            readonly confirmDomain?: string | undefined;
            readonly maxAgeSeconds: number;
            /** @enum {string} */
            readonly mode: "enforce" | "testing" | "none";
            readonly mx: readonly string[];
        };
        readonly PolicyLineAssessment: {
            readonly codes: readonly ("mx-all-uncovered" | "mx-uncovered" | "mx-no-starttls" | "mx-certificate-expired" | "mx-certificate-host-mismatch" | "mx-certificate-not-trusted" | "mx-tls-too-old" | "mx-name-unusable" | "mx-unknown" | "would-refuse" | "no-evidence" | "dane-mismatch" | "mx-certificate-soon" | "host-certificate-soon" | "cname-missing" | "max-age-jump" | "mx-move-running" | "null-mx")[];
            readonly hosts: number;
            readonly hostsGood: number;
            readonly refusedSessions: number;
            readonly sessions: number;
            /** @enum {string} */
            readonly verdict: "safe" | "advise" | "stop" | "untested";
        };
        readonly PolicyLineList: {
            readonly items: readonly {
                readonly after: {
                    readonly maxAgeSeconds: number;
                    /** @enum {string} */
                    readonly mode: "enforce" | "testing" | "none";
                    readonly mx: readonly string[];
                } | null;
                readonly assessment: components["schemas"]["PolicyLineAssessment"] | null;
                readonly before: {
                    readonly maxAgeSeconds: number;
                    /** @enum {string} */
                    readonly mode: "enforce" | "testing" | "none";
                    readonly mx: readonly string[];
                } | null;
                readonly customer: string | null;
                readonly domain: string;
                /** Format: uuid */
                readonly domainId: string;
                readonly place: number;
                readonly reason: string | null;
                /** @enum {string} */
                readonly state: "waiting" | "applied" | "unchanged" | "refused" | "stopped";
                readonly version: number | null;
                readonly wave: number;
            }[];
            readonly nextCursor: string | null;
        };
        readonly PolicyVersion: {
            readonly body: string;
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: string;
            readonly horizonAt: string | null;
            readonly lastServedAt: string | null;
            readonly maxAgeSeconds: number;
            /** @enum {string} */
            readonly mode: "enforce" | "testing" | "none";
            readonly mx: readonly string[];
            readonly policyId: string;
            readonly publishedAt: string | null;
            /** @enum {string} */
            readonly state: "publishing" | "live" | "superseded";
            readonly version: number;
        };
        readonly PolicyVersionList: {
            readonly items: readonly components["schemas"]["PolicyVersion"][];
            readonly nextCursor: string | null;
        };
        readonly Portfolio: {
            readonly items: readonly components["schemas"]["PortfolioDomain"][];
            readonly nextCursor: string | null;
            readonly total: number | null;
        };
        readonly PortfolioDomain: {
            readonly accountId: string;
            readonly certificateNotAfter: string | null;
            /** Format: date-time */
            readonly createdAt: string;
            readonly customer: string | null;
            readonly domain: string;
            readonly health: components["schemas"]["Health"];
            /** Format: uuid */
            readonly id: string;
            readonly mode: ("enforce" | "testing" | "none") | null;
            /** @enum {string} */
            readonly mxState: "none" | "good" | "unknown" | "bad" | "uncovered";
            readonly openAlerts: number;
            readonly problem: boolean;
            readonly reports: components["schemas"]["ReportFigures"] | null;
            readonly sentence: string;
            readonly setupStates: {
                /** @enum {string} */
                readonly policyHost: "unchecked" | "missing" | "wrong" | "correct" | "unreachable";
                /** @enum {string} */
                readonly stsRecord: "unchecked" | "missing" | "wrong" | "correct" | "unreachable";
                /** @enum {string} */
                readonly tlsRptRecord: "unchecked" | "missing" | "wrong" | "correct" | "unreachable";
            };
            /** @enum {string} */
            readonly status: "pending" | "active" | "leaving" | "left";
            readonly tags: readonly string[];
        };
        readonly Problem: {
            readonly assessmentId?: string | undefined;
            /** @enum {string} */
            readonly code: "invalid" | "unauthenticated" | "account_required" | "no_account" | "forbidden" | "not_found" | "conflict" | "precondition_failed" | "confirm_needed" | "unsafe" | "limit_reached" | "unavailable" | "reports_unavailable";
            readonly collidesWith?: {
                readonly id: string;
                /** @enum {string} */
                readonly kind: "domain" | "customer" | "account" | "member" | "policyChange" | "channel" | "notification" | "message" | "apiKey";
            } | undefined;
            readonly detail: string;
            readonly errors?: readonly {
                readonly path: string;
                readonly problem: string;
            }[] | undefined;
            readonly has?: string | undefined;
            readonly needs?: readonly string[] | undefined;
            readonly permission?: string | undefined;
            readonly questions?: readonly components["schemas"]["DomainQuestion"][] | undefined;
            /** @enum {string} */
            readonly reason?: ("invalid_input" | "malformed_request" | "wrong_method" | "idempotency_key_reused" | "not_signed_in" | "key_not_valid" | "session_expired" | "account_not_named" | "no_membership" | "role_too_low" | "scope_too_narrow" | "foreign_page" | "sso_session" | "sso_required" | "sso_refused" | "two_factor_required" | "sign_in_too_old" | "other_address" | "owners_only" | "names_other_account" | "account_suspended" | "not_invited" | "access_denied" | "no_such_object" | "no_such_page" | "expired_token" | "domain_exists" | "domain_leaving" | "domain_left" | "domain_not_leaving" | "domain_cached" | "policy_changed" | "mx_changed" | "change_ended" | "wave_waiting" | "change_without_effect" | "external_id_taken" | "customer_ambiguous" | "customer_of_customer" | "account_ambiguous" | "account_closing" | "account_not_closing" | "account_not_suspended" | "account_has_customers" | "member_exists" | "user_exists" | "authorization_pending" | "login_answered" | "not_a_member" | "last_owner" | "last_second_factor" | "second_factor_missing" | "own_second_factor" | "not_a_person" | "request_under_way" | "answer_not_kept" | "message_in_use" | "channel_not_confirmed" | "channel_without_secret" | "notification_waiting" | "selection_changed" | "channel_ambiguous" | "changed_meanwhile" | "sign_in_under_way" | "no_mail_host" | "sandbox_refused" | "reports_not_moved" | "account_is_customer" | "etag_mismatch" | "no_etag" | "probably_a_mistake" | "mail_at_risk" | "too_often" | "too_many_at_once" | "too_large" | "too_many_objects" | "slow_down" | "daily_limit" | "dependency_away" | "database_away" | "not_published_yet" | "sso_away" | "stopping" | "not_running" | "internal_error" | "reports_database_away") | undefined;
            readonly reasons?: readonly {
                /** @enum {string} */
                readonly code: "mx-all-uncovered" | "mx-uncovered" | "mx-no-starttls" | "mx-certificate-expired" | "mx-certificate-host-mismatch" | "mx-certificate-not-trusted" | "mx-tls-too-old" | "mx-name-unusable" | "mx-unknown" | "would-refuse" | "no-evidence" | "dane-mismatch" | "mx-certificate-soon" | "host-certificate-soon" | "cname-missing" | "max-age-jump" | "mx-move-running" | "null-mx";
                readonly lastSeenDay: string | null;
                /** @enum {string} */
                readonly level: "stop" | "advise";
                readonly mxHost: string | null;
                readonly sessions: number | null;
                readonly share: number | null;
                readonly since: string | null;
                readonly text: string;
            }[] | undefined;
            readonly requestId?: string | undefined;
            readonly status: number;
            readonly title: string;
            readonly type: string;
        };
        readonly Quarantined: {
            readonly detail: string;
            readonly domainId: string | null;
            readonly envelopeFrom: string | null;
            /** Format: uuid */
            readonly id: string;
            readonly nextStep: string;
            /** @enum {string} */
            readonly reason: "no-report" | "empty" | "ordinary-mail" | "dmarc-report" | "dmarc-failure-report" | "abuse-report" | "attachment-removed" | "bounce" | "auto-reply" | "read-receipt" | "encrypted-archive" | "encrypted-mail" | "portal-page" | "web-page" | "confirmation" | "truncated" | "bad-gzip" | "unsupported-archive" | "too-large" | "over-limit" | "not-json" | "not-a-report" | "bad-dates" | "other-domain" | "changed-copy" | "processing-failed";
            /** Format: date-time */
            readonly receivedAt: string;
            readonly remoteAddress: string | null;
            readonly sizeBytes: number;
            readonly title: string;
            /** @enum {string} */
            readonly transport: "smtp" | "https" | "import";
        };
        readonly QuarantineList: {
            readonly items: readonly components["schemas"]["Quarantined"][];
            readonly nextCursor: string | null;
        };
        readonly ReadinessStep: {
            readonly at: string | null;
            readonly detail: string | null;
            /** @enum {string} */
            readonly state: "done" | "current" | "failed" | "waiting";
            /** @enum {string} */
            readonly step: "dns" | "preflight" | "certificate" | "policyServed" | "recordPublished" | "active";
            readonly title: string;
        };
        readonly Reparse: {
            readonly reason: ("no-report" | "empty" | "ordinary-mail" | "dmarc-report" | "dmarc-failure-report" | "abuse-report" | "attachment-removed" | "bounce" | "auto-reply" | "read-receipt" | "encrypted-archive" | "encrypted-mail" | "portal-page" | "web-page" | "confirmation" | "truncated" | "bad-gzip" | "unsupported-archive" | "too-large" | "over-limit" | "not-json" | "not-a-report" | "bad-dates" | "other-domain" | "changed-copy" | "processing-failed") | null;
            /** @enum {string} */
            readonly state: "processed" | "duplicate" | "quarantined";
            readonly title: string | null;
        };
        readonly ReparsedQuarantine: {
            readonly duplicate: number;
            readonly nextCursor: string | null;
            readonly processed: number;
            readonly quarantined: number;
            readonly read: number;
            readonly remaining: number;
        };
        readonly ReparseQuarantineBody: {
            readonly cursor?: string | undefined;
            /** @default 20 */
            readonly limit?: number | undefined;
        };
        readonly Report: {
            readonly contactInfo: string | null;
            readonly domain: string;
            /** Format: uuid */
            readonly domainId: string;
            /** Format: date-time */
            readonly endAt: string;
            readonly failedSessions: number;
            /** Format: uuid */
            readonly id: string;
            /** Format: uuid */
            readonly messageId: string;
            readonly policies: readonly {
                readonly failedSessions: number | null;
                readonly failureDetails: readonly components["schemas"]["FailureDetail"][];
                readonly mxHostPatterns: readonly string[];
                readonly policyDomain: string | null;
                readonly policyStrings: readonly string[];
                readonly policyType: string;
                readonly successfulSessions: number | null;
            }[];
            readonly quirks: readonly string[];
            /** Format: date-time */
            readonly receivedAt: string;
            /** Format: date */
            readonly reportDay: string;
            readonly reporter: string;
            readonly reportId: string;
            readonly resultTypes: readonly string[];
            /** @enum {string} */
            readonly signature: "valid" | "broken" | "none" | "unchecked";
            readonly signedBy: string | null;
            readonly sizeBytes: number;
            /** Format: date-time */
            readonly startAt: string;
            readonly submitter: string | null;
            readonly successfulSessions: number;
            /** @enum {string} */
            readonly transport: "smtp" | "https" | "import";
            /** @enum {string} */
            readonly trust: "aligned" | "signed" | "unsigned";
        };
        readonly ReportFigures: {
            readonly days: readonly (number | null)[];
            readonly failedSessions: number;
            readonly lastDay: string | null;
            readonly sessions: number;
            readonly successShare: number | null;
        };
        readonly ReportList: {
            readonly items: readonly components["schemas"]["ReportSummary"][];
            readonly nextCursor: string | null;
        };
        readonly ReportSummary: {
            readonly domain: string;
            /** Format: uuid */
            readonly domainId: string;
            readonly failedSessions: number;
            /** Format: uuid */
            readonly id: string;
            /** Format: date-time */
            readonly receivedAt: string;
            /** Format: date */
            readonly reportDay: string;
            readonly reporter: string;
            readonly reportId: string;
            readonly resultTypes: readonly string[];
            /** @enum {string} */
            readonly signature: "valid" | "broken" | "none" | "unchecked";
            readonly signedBy: string | null;
            readonly submitter: string | null;
            readonly successfulSessions: number;
            /** @enum {string} */
            readonly transport: "smtp" | "https" | "import";
            /** @enum {string} */
            readonly trust: "aligned" | "signed" | "unsigned";
        };
        readonly RestoreInput: {
            readonly acknowledge?: readonly ("mx-all-uncovered" | "mx-uncovered" | "mx-no-starttls" | "mx-certificate-expired" | "mx-certificate-host-mismatch" | "mx-certificate-not-trusted" | "mx-tls-too-old" | "mx-name-unusable" | "mx-unknown" | "would-refuse" | "no-evidence" | "dane-mismatch" | "mx-certificate-soon" | "host-certificate-soon" | "cname-missing" | "max-age-jump" | "mx-move-running" | "null-mx")[] | undefined;
            readonly assessmentId?: string | undefined;
            readonly confirmDomain?: string | undefined;
        } | null;
        readonly Retention: {
            readonly dailyDays: number;
            readonly isDefault: boolean;
            readonly rawDays: number;
        };
        readonly SandboxFault: {
            /** Format: uuid */
            readonly domainId: string;
            /** @enum {string} */
            readonly fault: "expired" | "selfsigned" | "none" | "cname" | "silence" | "speak";
            readonly mxHost?: string | undefined;
        };
        readonly SandboxInput: {
            /** Format: uuid */
            readonly domainId: string;
        };
        readonly SandboxLog: {
            readonly steps: readonly {
                /** Format: date-time */
                readonly at: string;
                readonly ok: boolean;
                readonly text: string;
                readonly who: string;
            }[];
        };
        readonly SavedFilter: {
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: string;
            /** Format: uuid */
            readonly id: string;
            readonly name: string;
            /** @enum {string} */
            readonly page: "domains" | "portfolio";
            readonly search: {
                readonly [key: string]: string;
            };
        };
        readonly SavedFilterList: {
            readonly items: readonly components["schemas"]["SavedFilter"][];
            readonly nextCursor: string | null;
        };
        readonly ServedPolicy: {
            readonly addresses: string | null;
            readonly body: string | null;
            /** Format: date-time */
            readonly fetchedAt: string;
            readonly isNewest: boolean;
            readonly problem: string | null;
            readonly version: number | null;
        };
        readonly SessionList: {
            readonly items: readonly {
                readonly address: string | null;
                /** @enum {string} */
                readonly by: "password" | "passkey" | "sso";
                readonly device: string | null;
                /** Format: date-time */
                readonly expiresAt: string;
                readonly id: string;
                readonly isThisOne: boolean;
                /** Format: date-time */
                readonly lastSeenAt: string;
                /** Format: date-time */
                readonly signedInAt: string;
            }[];
            readonly nextCursor: string | null;
        };
        readonly SessionTotals: {
            readonly byTrust: {
                readonly aligned: {
                    readonly failedSessions: number;
                    readonly reports: number;
                    readonly successfulSessions: number;
                };
                readonly signed: {
                    readonly failedSessions: number;
                    readonly reports: number;
                    readonly successfulSessions: number;
                };
                readonly unsigned: {
                    readonly failedSessions: number;
                    readonly reports: number;
                    readonly successfulSessions: number;
                };
            };
            readonly failedSessions: number;
            readonly gapDays: number;
            readonly reports: number;
            readonly successfulSessions: number;
            readonly successShare: number | null;
        };
        readonly SetupRecord: {
            readonly checkedAt: string | null;
            readonly correctSince: string | null;
            /** @enum {string} */
            readonly kind: "policyHost" | "stsRecord" | "tlsRptRecord";
            readonly misdirected: ("otherToken" | "otherRecord" | "unknownName") | null;
            readonly misplaced: string | null;
            readonly name: string;
            readonly purpose: string;
            readonly seen: string | null;
            /** @enum {string} */
            readonly state: "unchecked" | "missing" | "wrong" | "correct" | "unreachable";
            readonly target: string;
            /** @constant */
            readonly type: "CNAME";
        };
        readonly Share: {
            readonly share: {
                /** Format: date-time */
                readonly createdAt: string;
                readonly createdBy: string;
            } | null;
        };
        readonly SharedInstructions: {
            readonly domains: number;
            /** Format: date-time */
            readonly expiresAt: string;
            readonly from: {
                readonly colors: {
                    readonly dark: {
                        readonly accent: string;
                        readonly accentHover: string;
                        readonly accentWash: string;
                        readonly onAccent: string;
                    };
                    readonly light: {
                        readonly accent: string;
                        readonly accentHover: string;
                        readonly accentWash: string;
                        readonly onAccent: string;
                    };
                } | null;
                readonly hasLogo: boolean;
                readonly name: string;
            };
            readonly incomplete: number;
            readonly items: readonly {
                readonly domain: string;
                readonly setup: readonly components["schemas"]["SetupRecord"][];
            }[];
            readonly nextCursor: string | null;
            /** @enum {string} */
            readonly only: "missing" | "all";
            readonly subject: string | null;
        };
        readonly SharedSetup: {
            readonly accountName: string;
            readonly colors: {
                readonly dark: {
                    readonly accent: string;
                    readonly accentHover: string;
                    readonly accentWash: string;
                    readonly onAccent: string;
                };
                readonly light: {
                    readonly accent: string;
                    readonly accentHover: string;
                    readonly accentWash: string;
                    readonly onAccent: string;
                };
            } | null;
            readonly dns: components["schemas"]["DnsHost"];
            readonly domain: string;
            readonly setup: readonly components["schemas"]["SetupRecord"][];
        };
        readonly ShownBrand: {
            readonly colors: {
                readonly dark: {
                    readonly accent: string;
                    readonly accentHover: string;
                    readonly accentWash: string;
                    readonly onAccent: string;
                };
                readonly light: {
                    readonly accent: string;
                    readonly accentHover: string;
                    readonly accentWash: string;
                    readonly onAccent: string;
                };
            } | null;
            readonly logo: string | null;
            readonly name: string;
        };
        readonly SignUp: {
            readonly domains: readonly string[];
            /** @enum {string} */
            readonly rule: "open" | "invitation" | "domains" | "closed";
        };
        readonly Snooze: {
            readonly until: string | null;
        };
        readonly SourceDays: {
            /** Format: date */
            readonly from: string;
            readonly items: readonly {
                readonly days: readonly ({
                    readonly failedSessions: number;
                    readonly successfulSessions: number;
                } | null)[];
                readonly failedSessions: number;
                readonly key: string;
                readonly reports: number;
                readonly successfulSessions: number;
                readonly title: string;
                /** @enum {string} */
                readonly trust: "aligned" | "signed" | "unsigned";
            }[];
            readonly more: number;
            readonly nextCursor: string | null;
            /** Format: date */
            readonly to: string;
        };
        readonly Sso: {
            readonly redirectUri: string;
            readonly sso: {
                readonly clientId: string;
                readonly domains: readonly {
                    readonly domain: string;
                    readonly isProven: boolean;
                }[];
                readonly isRequired: boolean;
                readonly issuer: string;
                /** Format: date-time */
                readonly updatedAt: string;
            } | null;
        };
        readonly StartedAccount: {
            readonly accountId: string;
        };
        readonly Subscription: {
            readonly bounce: {
                /** Format: date-time */
                readonly at: string;
                readonly detail: string;
            } | null;
            /** @enum {string} */
            readonly digest: "daily" | "weekly" | "monthly" | "off";
            readonly email: string;
            readonly isDefault: boolean;
            readonly quiet: {
                readonly from: number;
                readonly until: number;
            } | null;
            /** @enum {string} */
            readonly severity: "critical" | "warning" | "notice" | "off";
            readonly timeZone: string;
        };
        readonly SubscriptionChange: {
            /** @enum {string} */
            readonly digest: "daily" | "weekly" | "monthly" | "off";
            readonly quiet: {
                readonly from: number;
                readonly until: number;
            } | null;
            /** @enum {string} */
            readonly severity: "critical" | "warning" | "notice" | "off";
            readonly timeZone: string;
        };
        readonly Summary: {
            /** Format: date */
            readonly from: string;
            /** @enum {string} */
            readonly groupBy: "day" | "result" | "source" | "mx" | "policy";
            readonly items: readonly components["schemas"]["SummaryRow"][];
            readonly nextCursor: string | null;
            /** Format: date */
            readonly to: string;
            readonly totals: components["schemas"]["SessionTotals"];
        };
        readonly SummaryRow: {
            readonly byResult: {
                readonly [key: string]: number;
            };
            readonly counted: {
                readonly failedSessions: number;
                readonly successfulSessions: number;
            } | null;
            readonly explanation: {
                readonly meaning: string;
                readonly nextStep: string;
                readonly usualOwner: string;
            } | null;
            readonly failedSessions: number;
            readonly hasReports: boolean;
            readonly key: string;
            readonly proven: {
                readonly failedSessions: number;
                readonly successfulSessions: number;
            };
            readonly reports: number | null;
            readonly sendingAddresses: readonly {
                readonly failedSessions: number;
                readonly network: components["schemas"]["Network"] | null;
                readonly sendingMtaIp: string;
            }[];
            readonly share: number;
            readonly successfulSessions: number;
            readonly title: string;
            readonly trust: ("aligned" | "signed" | "unsigned") | null;
        };
        readonly TagChange: {
            readonly add?: readonly string[] | undefined;
            readonly domainIds?: readonly string[] | undefined;
            readonly exceptIds?: readonly string[] | undefined;
            readonly expected?: number | undefined;
            readonly filter?: {
                readonly accountId?: string | undefined;
                /** @enum {string} */
                readonly health?: ("attention" | "mail-failing" | "at-risk" | "needs-action" | "waiting" | "working" | "good" | "off") | undefined;
                readonly q?: string | undefined;
                /** @enum {string} */
                readonly status?: ("pending" | "active" | "leaving" | "left") | undefined;
                readonly tag?: string | undefined;
            } | undefined;
            readonly remove?: readonly string[] | undefined;
        };
        readonly Tagged: {
            readonly changed: number;
        };
        readonly TagList: {
            readonly items: readonly {
                readonly domains: number;
                readonly tag: string;
            }[];
            readonly nextCursor: string | null;
        };
        readonly TwoFactorRule: {
            readonly required: boolean;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export interface operations {
    readonly getAccountBrand: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Brand"];
                };
            };
        };
    };
    readonly setAccountBrand: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewBrand"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Brand"];
                };
            };
        };
    };
    readonly getAccountBrandHost: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BrandHost"];
                };
            };
        };
    };
    readonly setAccountBrandHost: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewBrandHost"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BrandHost"];
                };
            };
        };
    };
    readonly deleteAccountBrandHost: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BrandHost"];
                };
            };
        };
    };
    readonly getAccountClosing: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Closing"];
                };
            };
        };
    };
    readonly closeAccount: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewClosing"];
            };
        };
        readonly responses: {
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Closing"];
                };
            };
        };
    };
    readonly keepAccount: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Closing"];
                };
            };
        };
    };
    readonly getAccountExport: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": string;
                };
            };
        };
    };
    readonly getAccountLogo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/jpeg": string;
                    readonly "image/png": string;
                    readonly "image/webp": string;
                };
            };
        };
    };
    readonly setAccountLogo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewLogo"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Brand"];
                };
            };
        };
    };
    readonly deleteAccountLogo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Brand"];
                };
            };
        };
    };
    readonly setAccountName: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AccountName"];
            };
        };
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly getAccountRetention: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Retention"];
                };
            };
        };
    };
    readonly setAccountRetention: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewRetention"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Retention"];
                };
            };
        };
    };
    readonly getAccountShownLogo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": unknown;
                };
            };
        };
    };
    readonly setAccountTwoFactor: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["TwoFactorRule"];
            };
        };
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly listApiKeys: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ApiKeyList"];
                };
            };
        };
    };
    readonly createApiKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewApiKey"];
            };
        };
        readonly responses: {
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
        };
    };
    readonly deleteApiKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly listChannels: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ChannelList"];
                };
            };
        };
    };
    readonly createChannel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewChannel"];
            };
        };
        readonly responses: {
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedChannel"];
                };
            };
        };
    };
    readonly deleteChannel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly updateChannel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ChannelChange"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Channel"];
                };
            };
        };
    };
    readonly listChannelDeliveries: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeliveryList"];
                };
            };
        };
    };
    readonly rotateChannelSecret: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ChannelSecret"];
                };
            };
        };
    };
    readonly testChannel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ChannelTest"];
                };
            };
        };
    };
    readonly getCheck: {
        readonly parameters: {
            readonly query: {
                readonly domain: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Check"];
                };
            };
        };
    };
    readonly listCustomers: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly externalId?: string;
                readonly limit?: number;
                readonly q?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CustomerList"];
                };
            };
        };
    };
    readonly createCustomer: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewCustomer"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Customer"];
                };
            };
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Customer"];
                };
            };
        };
    };
    readonly getCustomer: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Customer"];
                };
            };
        };
    };
    readonly updateCustomer: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CustomerChange"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Customer"];
                };
            };
        };
    };
    readonly getCustomersDomains: {
        readonly parameters: {
            readonly query?: {
                readonly accountId?: string;
                readonly cursor?: string;
                readonly health?: "attention" | "mail-failing" | "at-risk" | "needs-action" | "waiting" | "working" | "good" | "off";
                readonly limit?: number;
                readonly q?: string;
                readonly status?: "pending" | "active" | "leaving" | "left";
                readonly tag?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Portfolio"];
                };
            };
        };
    };
    readonly getCustomersReports: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly from?: string;
                readonly limit?: number;
                readonly to?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CustomerReports"];
                };
            };
        };
    };
    readonly createDeviceLogin: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewDeviceLogin"];
            };
        };
        readonly responses: {
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeviceLoginStart"];
                };
            };
        };
    };
    readonly getDeviceLogin: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly userCode: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeviceLogin"];
                };
            };
        };
    };
    readonly allowDeviceLogin: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly userCode: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["DeviceAllow"];
            };
        };
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly denyDeviceLogin: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly userCode: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly pollDeviceLogin: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["DevicePoll"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeviceKey"];
                };
            };
        };
    };
    readonly getDigest: {
        readonly parameters: {
            readonly query?: {
                readonly period?: "daily" | "weekly" | "monthly";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Digest"];
                };
            };
        };
    };
    readonly listDomains: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly health?: "attention" | "mail-failing" | "at-risk" | "needs-action" | "waiting" | "working" | "good" | "off";
                readonly limit?: number;
                readonly q?: string;
                readonly status?: "pending" | "active" | "leaving" | "left";
                readonly tag?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DomainList"];
                };
            };
        };
    };
    readonly createDomain: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewDomain"];
            };
        };
        readonly responses: {
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Domain"];
                };
            };
        };
    };
    readonly getDomain: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Domain"];
                };
            };
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly deleteDomain: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly getDomainCertificate: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Certificate"];
                };
            };
        };
    };
    readonly checkDomain: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Domain"];
                };
            };
        };
    };
    readonly getDomainConditions: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertExplanation"];
                };
            };
        };
    };
    readonly listDomainEvents: {
        readonly parameters: {
            readonly query?: {
                readonly actor?: string;
                readonly cursor?: string;
                readonly domainId?: string;
                readonly from?: string;
                readonly kind?: string;
                readonly limit?: number;
                readonly to?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["EventList"];
                };
            };
        };
    };
    readonly getDomainFetches: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly from?: string;
                readonly hours?: number;
                readonly limit?: number;
                readonly to?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["FetchSummary"];
                };
            };
        };
    };
    readonly leaveDomain: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Domain"];
                };
            };
        };
    };
    readonly getDomainLive: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
        };
    };
    readonly listDomainMx: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MxList"];
                };
            };
        };
    };
    readonly getDomainPolicy: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CurrentPolicy"];
                };
            };
            readonly 304: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly setDomainPolicy: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PolicyInput"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PolicyVersion"];
                };
            };
        };
    };
    readonly assessDomainPolicy: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PolicyAssessInput"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly assessmentId: string;
                        /** Format: date-time */
                        readonly lookedAt: string;
                        readonly reasons: readonly {
                            /** @enum {string} */
                            readonly code: "mx-all-uncovered" | "mx-uncovered" | "mx-no-starttls" | "mx-certificate-expired" | "mx-certificate-host-mismatch" | "mx-certificate-not-trusted" | "mx-tls-too-old" | "mx-name-unusable" | "mx-unknown" | "would-refuse" | "no-evidence" | "dane-mismatch" | "mx-certificate-soon" | "host-certificate-soon" | "cname-missing" | "max-age-jump" | "mx-move-running" | "null-mx";
                            readonly lastSeenDay: string | null;
                            /** @enum {string} */
                            readonly level: "stop" | "advise";
                            readonly mxHost: string | null;
                            readonly sessions: number | null;
                            readonly share: number | null;
                            readonly since: string | null;
                            readonly text: string;
                        }[];
                        readonly simulation: {
                            readonly causes: readonly {
                                readonly continuing: boolean;
                                /** Format: date */
                                readonly firstDay: string;
                                /** Format: date */
                                readonly lastDay: string;
                                readonly mxHost: string | null;
                                readonly reporters: readonly string[];
                                readonly resultType: string;
                                readonly sessions: number;
                                readonly text: string;
                            }[];
                            /** Format: date */
                            readonly from: string;
                            readonly refusedSessions: number;
                            readonly refusedShare: number | null;
                            readonly refusedShareAtMost: number | null;
                            readonly reportDays: number;
                            readonly reporters: readonly string[];
                            readonly sessions: number;
                            /** Format: date */
                            readonly to: string;
                            readonly unlistedMxHosts: readonly string[];
                            readonly withoutPolicySessions: number;
                        };
                        /** Format: date-time */
                        readonly validUntil: string;
                        /** @enum {string} */
                        readonly verdict: "safe" | "advise" | "stop";
                    };
                };
            };
        };
    };
    readonly listDomainPolicyVersions: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PolicyVersionList"];
                };
            };
        };
    };
    readonly restoreDomainPolicyVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RestoreInput"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PolicyVersion"];
                };
            };
        };
    };
    readonly restoreDomain: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Domain"];
                };
            };
        };
    };
    readonly getDomainServed: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ServedPolicy"];
                };
            };
        };
    };
    readonly getDomainShare: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Share"];
                };
            };
        };
    };
    readonly createDomainShare: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedShare"];
                };
            };
        };
    };
    readonly deleteDomainShare: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly getDomainSurvey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DomainSurvey"];
                };
            };
        };
    };
    readonly addDomainsInBulk: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["BulkAdd"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BulkAdded"];
                };
            };
        };
    };
    readonly previewDomains: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PastedDomains"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DomainPreview"];
                };
            };
        };
    };
    readonly tagDomains: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["TagChange"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Tagged"];
                };
            };
        };
    };
    readonly createEmailChangeConfirm: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly emailChangeToken: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["EmailChange"];
                };
            };
        };
    };
    readonly listEvents: {
        readonly parameters: {
            readonly query?: {
                readonly actor?: string;
                readonly cursor?: string;
                readonly domainId?: string;
                readonly from?: string;
                readonly kind?: string;
                readonly limit?: number;
                readonly scope?: "account" | "customers";
                readonly to?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["EventList"];
                };
            };
        };
    };
    readonly getEventsExport: {
        readonly parameters: {
            readonly query?: {
                readonly actor?: string;
                readonly domainId?: string;
                readonly format?: "csv" | "json";
                readonly from?: string;
                readonly kind?: string;
                readonly to?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/x-ndjson": string;
                    readonly "text/csv": string;
                };
            };
        };
    };
    readonly getFind: {
        readonly parameters: {
            readonly query: {
                readonly q: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Found"];
                };
            };
        };
    };
    readonly getHome: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Home"];
                };
            };
        };
    };
    readonly listIncidents: {
        readonly parameters: {
            readonly query?: {
                readonly condition?: string;
                readonly cursor?: string;
                readonly domainId?: string;
                readonly limit?: number;
                readonly severity?: "critical" | "warning" | "notice";
                readonly state?: "open" | "resolved" | "all";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentList"];
                };
            };
        };
    };
    readonly getIncident: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentDetail"];
                };
            };
        };
    };
    readonly acknowledgeIncident: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentDetail"];
                };
            };
        };
    };
    readonly noteIncident: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["IncidentNote"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentDetail"];
                };
            };
        };
    };
    readonly snoozeIncident: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Snooze"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentDetail"];
                };
            };
        };
    };
    readonly getInfo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Info"];
                };
            };
        };
    };
    readonly listInstructionSheets: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["InstructionSheetList"];
                };
            };
        };
    };
    readonly createInstructionSheet: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewInstructionSheet"];
            };
        };
        readonly responses: {
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedInstructionSheet"];
                };
            };
        };
    };
    readonly deleteInstructionSheet: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly getInstructions: {
        readonly parameters: {
            readonly query?: {
                readonly accountId?: string;
                readonly cursor?: string;
                readonly domainIds?: string;
                readonly limit?: number;
                readonly only?: "missing" | "all";
                readonly scope?: "account" | "customers";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Instructions"];
                };
            };
        };
    };
    readonly getInstructionsExport: {
        readonly parameters: {
            readonly query: {
                readonly accountId?: string;
                readonly domainIds?: string;
                readonly format: "csv" | "zone";
                readonly only?: "missing" | "all";
                readonly scope?: "account" | "customers";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/csv": string;
                    readonly "text/dns": string;
                };
            };
        };
    };
    readonly getInvitationLink: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly invitationToken: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["InvitationLink"];
                };
            };
        };
    };
    readonly acceptInvitationLink: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly invitationToken: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Joined"];
                };
            };
        };
    };
    readonly listInvitations: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["InvitationList"];
                };
            };
        };
    };
    readonly createInvitation: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewInvitation"];
            };
        };
        readonly responses: {
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Invitation"];
                };
            };
        };
    };
    readonly deleteInvitation: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly resendInvitation: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Invitation"];
                };
            };
        };
    };
    readonly getMe: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    readonly deleteMe: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["OwnSignIn"];
            };
        };
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly setMeAccount: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AccountChoice"];
            };
        };
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly createMeAccount: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewAccount"];
            };
        };
        readonly responses: {
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["StartedAccount"];
                };
            };
        };
    };
    readonly createMeEmail: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewEmail"];
            };
        };
        readonly responses: {
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly getMeExport: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": string;
                };
            };
        };
    };
    readonly setMeName: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PersonName"];
            };
        };
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly getMeNotifications: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Subscription"];
                };
            };
        };
    };
    readonly setMeNotifications: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["SubscriptionChange"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Subscription"];
                };
            };
        };
    };
    readonly listMePasskeys: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PasskeyList"];
                };
            };
        };
    };
    readonly setMePasskey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PasskeyName"];
            };
        };
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly deleteMePasskey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly getMePerson: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Person"];
                };
            };
        };
    };
    readonly listMeSessions: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SessionList"];
                };
            };
        };
    };
    readonly deleteMeSessions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly deleteMeSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly listMembers: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MemberList"];
                };
            };
        };
    };
    readonly setMember: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["MemberRole"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MemberList"];
                };
            };
        };
    };
    readonly deleteMember: {
        readonly parameters: {
            readonly query?: {
                readonly apiKeys?: "end" | "takeOver";
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly createMemberTwoFactorReset: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MemberList"];
                };
            };
        };
    };
    readonly getMonthlyReport: {
        readonly parameters: {
            readonly query?: {
                readonly domainId?: string;
                readonly month?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MonthlyReport"];
                };
            };
        };
    };
    readonly setMonthlyReportCustomers: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly toCustomers: boolean;
                };
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MonthlyRecipientList"];
                };
            };
        };
    };
    readonly getMonthlyReportExport: {
        readonly parameters: {
            readonly query?: {
                readonly domainId?: string;
                readonly format?: "csv" | "json" | "html";
                readonly month?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": string;
                };
            };
        };
    };
    readonly listMonthlyReportRecipients: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MonthlyRecipientList"];
                };
            };
        };
    };
    readonly createMonthlyReportRecipient: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** Format: email */
                    readonly email: string;
                };
            };
        };
        readonly responses: {
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["MonthlyRecipient"];
                };
            };
        };
    };
    readonly deleteMonthlyReportRecipient: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly resendNotification: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly listPolicyChanges: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PolicyChangeList"];
                };
            };
        };
    };
    readonly createPolicyChange: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewPolicyChange"];
            };
        };
        readonly responses: {
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PolicyChange"];
                };
            };
        };
    };
    readonly getPolicyChange: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PolicyChange"];
                };
            };
        };
    };
    readonly continuePolicyChange: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PolicyChangeStep"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PolicyChange"];
                };
            };
        };
    };
    readonly listPolicyChangeLines: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
                readonly state?: "waiting" | "applied" | "unchanged" | "refused" | "stopped";
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PolicyLineList"];
                };
            };
        };
    };
    readonly createPolicyChangeRevert: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PolicyChange"];
                };
            };
        };
    };
    readonly stopPolicyChange: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PolicyChange"];
                };
            };
        };
    };
    readonly listQuarantine: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["QuarantineList"];
                };
            };
        };
    };
    readonly getQuarantineRaw: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/octet-stream": string;
                    readonly "message/rfc822": string;
                };
            };
        };
    };
    readonly reparseQuarantinedMessage: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Reparse"];
                };
            };
        };
    };
    readonly reparseQuarantine: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ReparseQuarantineBody"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ReparsedQuarantine"];
                };
            };
        };
    };
    readonly deliverSandboxMail: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["SandboxInput"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SandboxLog"];
                };
            };
        };
    };
    readonly createSandboxFault: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["SandboxFault"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SandboxLog"];
                };
            };
        };
    };
    readonly publishSandboxRecords: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["SandboxInput"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SandboxLog"];
                };
            };
        };
    };
    readonly listSavedFilters: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SavedFilterList"];
                };
            };
        };
    };
    readonly createSavedFilter: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewSavedFilter"];
            };
        };
        readonly responses: {
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SavedFilter"];
                };
            };
        };
    };
    readonly deleteSavedFilter: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly getSharedInstruction: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly sheetToken: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SharedInstructions"];
                };
            };
        };
    };
    readonly getSharedInstructionExport: {
        readonly parameters: {
            readonly query: {
                readonly format: "csv" | "zone";
            };
            readonly header?: never;
            readonly path: {
                readonly sheetToken: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/csv": string;
                    readonly "text/dns": string;
                };
            };
        };
    };
    readonly getSharedInstructionLogo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly sheetToken: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "image/jpeg": string;
                    readonly "image/png": string;
                    readonly "image/webp": string;
                };
            };
        };
    };
    readonly getShared: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly shareToken: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SharedSetup"];
                };
            };
        };
    };
    readonly getSharedLive: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly shareToken: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
        };
    };
    readonly getSignUp: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignUp"];
                };
            };
        };
    };
    readonly getSso: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sso"];
                };
            };
        };
    };
    readonly setSso: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewSso"];
            };
        };
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sso"];
                };
            };
        };
    };
    readonly deleteSso: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly listTags: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly limit?: number;
                readonly scope?: "own" | "all";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TagList"];
                };
            };
        };
    };
    readonly listTlsReports: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly domainId?: string;
                readonly from?: string;
                readonly ip?: string;
                readonly limit?: number;
                readonly mx?: string;
                readonly policy?: string;
                readonly result?: string;
                readonly source?: string;
                readonly to?: string;
                readonly trust?: ("aligned" | "signed" | "unsigned") | "any";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ReportList"];
                };
            };
        };
    };
    readonly getTlsReport: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Report"];
                };
            };
        };
    };
    readonly getTlsReportRaw: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": string;
                };
            };
        };
    };
    readonly listTlsReportsClusters: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly domainId?: string;
                readonly from?: string;
                readonly ip?: string;
                readonly limit?: number;
                readonly mx?: string;
                readonly policy?: string;
                readonly result?: string;
                readonly source?: string;
                readonly to?: string;
                readonly trust?: ("aligned" | "signed" | "unsigned") | "any";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["FailureClusterList"];
                };
            };
        };
    };
    readonly getTlsReportsExport: {
        readonly parameters: {
            readonly query?: {
                readonly domainId?: string;
                readonly format?: "csv" | "json";
                readonly from?: string;
                readonly ip?: string;
                readonly mx?: string;
                readonly policy?: string;
                readonly result?: string;
                readonly source?: string;
                readonly to?: string;
                readonly trust?: ("aligned" | "signed" | "unsigned") | "any";
                readonly view?: "daily" | "failures" | "reports";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/x-ndjson": string;
                    readonly "text/csv": string;
                };
            };
        };
    };
    readonly getTlsReportsSourcesByDay: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly domainId?: string;
                readonly from?: string;
                readonly limit?: number;
                readonly to?: string;
                readonly trust?: ("aligned" | "signed" | "unsigned") | "any";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SourceDays"];
                };
            };
        };
    };
    readonly getTlsReportsSummary: {
        readonly parameters: {
            readonly query?: {
                readonly cursor?: string;
                readonly domainId?: string;
                readonly from?: string;
                readonly groupBy?: "day" | "result" | "source" | "mx" | "policy";
                readonly ip?: string;
                readonly limit?: number;
                readonly mx?: string;
                readonly policy?: string;
                readonly result?: string;
                readonly source?: string;
                readonly to?: string;
                readonly trust?: ("aligned" | "signed" | "unsigned") | "any";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Summary"];
                };
            };
        };
    };
}

/** Method and path of each operation. */
export const OPERATIONS = {
  acceptInvitationLink: "POST /api/v1/invitation-links/{invitationToken}/accept",
  acknowledgeIncident: "POST /api/v1/incidents/{id}/acknowledge",
  addDomainsInBulk: "POST /api/v1/domains/bulk",
  allowDeviceLogin: "POST /api/v1/device-logins/{userCode}/allow",
  assessDomainPolicy: "POST /api/v1/domains/{id}/policy/assess",
  checkDomain: "POST /api/v1/domains/{id}/check",
  closeAccount: "POST /api/v1/account/closing",
  continuePolicyChange: "POST /api/v1/policy-changes/{id}/continue",
  createApiKey: "POST /api/v1/api-keys",
  createChannel: "POST /api/v1/channels",
  createCustomer: "POST /api/v1/customers",
  createDeviceLogin: "POST /api/v1/device-logins",
  createDomain: "POST /api/v1/domains",
  createDomainShare: "POST /api/v1/domains/{id}/share",
  createEmailChangeConfirm: "POST /api/v1/email-changes/{emailChangeToken}/confirm",
  createInstructionSheet: "POST /api/v1/instruction-sheets",
  createInvitation: "POST /api/v1/invitations",
  createMeAccount: "POST /api/v1/me/accounts",
  createMeEmail: "POST /api/v1/me/email",
  createMemberTwoFactorReset: "POST /api/v1/members/{id}/two-factor-reset",
  createMonthlyReportRecipient: "POST /api/v1/monthly-report/recipients",
  createPolicyChange: "POST /api/v1/policy-changes",
  createPolicyChangeRevert: "POST /api/v1/policy-changes/{id}/revert",
  createSandboxFault: "POST /api/v1/sandbox/faults",
  createSavedFilter: "POST /api/v1/saved-filters",
  deleteAccountBrandHost: "DELETE /api/v1/account/brand-host",
  deleteAccountLogo: "DELETE /api/v1/account/logo",
  deleteApiKey: "DELETE /api/v1/api-keys/{id}",
  deleteChannel: "DELETE /api/v1/channels/{id}",
  deleteDomain: "DELETE /api/v1/domains/{id}",
  deleteDomainShare: "DELETE /api/v1/domains/{id}/share",
  deleteInstructionSheet: "DELETE /api/v1/instruction-sheets/{id}",
  deleteInvitation: "DELETE /api/v1/invitations/{id}",
  deleteMe: "DELETE /api/v1/me",
  deleteMePasskey: "DELETE /api/v1/me/passkeys/{id}",
  deleteMeSession: "DELETE /api/v1/me/sessions/{id}",
  deleteMeSessions: "DELETE /api/v1/me/sessions",
  deleteMember: "DELETE /api/v1/members/{id}",
  deleteMonthlyReportRecipient: "DELETE /api/v1/monthly-report/recipients/{id}",
  deleteSavedFilter: "DELETE /api/v1/saved-filters/{id}",
  deleteSso: "DELETE /api/v1/sso",
  deliverSandboxMail: "POST /api/v1/sandbox/deliver",
  denyDeviceLogin: "POST /api/v1/device-logins/{userCode}/deny",
  getAccountBrand: "GET /api/v1/account/brand",
  getAccountBrandHost: "GET /api/v1/account/brand-host",
  getAccountClosing: "GET /api/v1/account/closing",
  getAccountExport: "GET /api/v1/account/export",
  getAccountLogo: "GET /api/v1/account/logo",
  getAccountRetention: "GET /api/v1/account/retention",
  getAccountShownLogo: "GET /api/v1/account/shown-logo",
  getCheck: "GET /api/v1/check",
  getCustomer: "GET /api/v1/customers/{id}",
  getCustomersDomains: "GET /api/v1/customers/domains",
  getCustomersReports: "GET /api/v1/customers/reports",
  getDeviceLogin: "GET /api/v1/device-logins/{userCode}",
  getDigest: "GET /api/v1/digest",
  getDomain: "GET /api/v1/domains/{id}",
  getDomainCertificate: "GET /api/v1/domains/{id}/certificate",
  getDomainConditions: "GET /api/v1/domains/{id}/conditions",
  getDomainFetches: "GET /api/v1/domains/{id}/fetches",
  getDomainLive: "GET /api/v1/domains/{id}/live",
  getDomainPolicy: "GET /api/v1/domains/{id}/policy",
  getDomainServed: "GET /api/v1/domains/{id}/served",
  getDomainShare: "GET /api/v1/domains/{id}/share",
  getDomainSurvey: "GET /api/v1/domains/{id}/survey",
  getEventsExport: "GET /api/v1/events/export",
  getFind: "GET /api/v1/find",
  getHome: "GET /api/v1/home",
  getIncident: "GET /api/v1/incidents/{id}",
  getInfo: "GET /api/v1/info",
  getInstructions: "GET /api/v1/instructions",
  getInstructionsExport: "GET /api/v1/instructions/export",
  getInvitationLink: "GET /api/v1/invitation-links/{invitationToken}",
  getMe: "GET /api/v1/me",
  getMeExport: "GET /api/v1/me/export",
  getMeNotifications: "GET /api/v1/me/notifications",
  getMePerson: "GET /api/v1/me/person",
  getMonthlyReport: "GET /api/v1/monthly-report",
  getMonthlyReportExport: "GET /api/v1/monthly-report/export",
  getPolicyChange: "GET /api/v1/policy-changes/{id}",
  getQuarantineRaw: "GET /api/v1/quarantine/{id}/raw",
  getShared: "GET /api/v1/shared/{shareToken}",
  getSharedInstruction: "GET /api/v1/shared-instructions/{sheetToken}",
  getSharedInstructionExport: "GET /api/v1/shared-instructions/{sheetToken}/export",
  getSharedInstructionLogo: "GET /api/v1/shared-instructions/{sheetToken}/logo",
  getSharedLive: "GET /api/v1/shared/{shareToken}/live",
  getSignUp: "GET /api/v1/sign-up",
  getSso: "GET /api/v1/sso",
  getTlsReport: "GET /api/v1/tls-reports/{id}",
  getTlsReportRaw: "GET /api/v1/tls-reports/{id}/raw",
  getTlsReportsExport: "GET /api/v1/tls-reports/export",
  getTlsReportsSourcesByDay: "GET /api/v1/tls-reports/sources-by-day",
  getTlsReportsSummary: "GET /api/v1/tls-reports/summary",
  keepAccount: "DELETE /api/v1/account/closing",
  leaveDomain: "POST /api/v1/domains/{id}/leave",
  listApiKeys: "GET /api/v1/api-keys",
  listChannelDeliveries: "GET /api/v1/channels/{id}/deliveries",
  listChannels: "GET /api/v1/channels",
  listCustomers: "GET /api/v1/customers",
  listDomainEvents: "GET /api/v1/domains/{id}/events",
  listDomainMx: "GET /api/v1/domains/{id}/mx",
  listDomainPolicyVersions: "GET /api/v1/domains/{id}/policy/versions",
  listDomains: "GET /api/v1/domains",
  listEvents: "GET /api/v1/events",
  listIncidents: "GET /api/v1/incidents",
  listInstructionSheets: "GET /api/v1/instruction-sheets",
  listInvitations: "GET /api/v1/invitations",
  listMePasskeys: "GET /api/v1/me/passkeys",
  listMeSessions: "GET /api/v1/me/sessions",
  listMembers: "GET /api/v1/members",
  listMonthlyReportRecipients: "GET /api/v1/monthly-report/recipients",
  listPolicyChangeLines: "GET /api/v1/policy-changes/{id}/lines",
  listPolicyChanges: "GET /api/v1/policy-changes",
  listQuarantine: "GET /api/v1/quarantine",
  listSavedFilters: "GET /api/v1/saved-filters",
  listTags: "GET /api/v1/tags",
  listTlsReports: "GET /api/v1/tls-reports",
  listTlsReportsClusters: "GET /api/v1/tls-reports/clusters",
  noteIncident: "POST /api/v1/incidents/{id}/note",
  pollDeviceLogin: "POST /api/v1/device-logins/poll",
  previewDomains: "POST /api/v1/domains/preview",
  publishSandboxRecords: "POST /api/v1/sandbox/publish",
  reparseQuarantine: "POST /api/v1/quarantine/reparse",
  reparseQuarantinedMessage: "POST /api/v1/quarantine/{id}/reparse",
  resendInvitation: "POST /api/v1/invitations/{id}/resend",
  resendNotification: "POST /api/v1/notifications/{id}/resend",
  restoreDomain: "POST /api/v1/domains/{id}/restore",
  restoreDomainPolicyVersion: "POST /api/v1/domains/{id}/policy/versions/{version}/restore",
  rotateChannelSecret: "POST /api/v1/channels/{id}/rotate-secret",
  setAccountBrand: "PUT /api/v1/account/brand",
  setAccountBrandHost: "PUT /api/v1/account/brand-host",
  setAccountLogo: "PUT /api/v1/account/logo",
  setAccountName: "PUT /api/v1/account/name",
  setAccountRetention: "PUT /api/v1/account/retention",
  setAccountTwoFactor: "PUT /api/v1/account/two-factor",
  setDomainPolicy: "PUT /api/v1/domains/{id}/policy",
  setMeAccount: "PUT /api/v1/me/account",
  setMeName: "PUT /api/v1/me/name",
  setMeNotifications: "PUT /api/v1/me/notifications",
  setMePasskey: "PUT /api/v1/me/passkeys/{id}",
  setMember: "PUT /api/v1/members/{id}",
  setMonthlyReportCustomers: "PUT /api/v1/monthly-report/customers",
  setSso: "PUT /api/v1/sso",
  snoozeIncident: "POST /api/v1/incidents/{id}/snooze",
  stopPolicyChange: "POST /api/v1/policy-changes/{id}/stop",
  tagDomains: "POST /api/v1/domains/tags",
  testChannel: "POST /api/v1/channels/{id}/test",
  updateChannel: "PATCH /api/v1/channels/{id}",
  updateCustomer: "PATCH /api/v1/customers/{id}",
} as const satisfies Record<keyof operations, string>;
