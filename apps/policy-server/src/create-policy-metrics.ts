import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** The metrics of one policy server, in a registry of its own. */
export function createPolicyMetrics(read: {
  policies(): number;
  certificates(): number;
  unreadableCertificates(): number;
  contexts(): number;
  connections(): number;
  uncountedFetches(): number;
  usesTlsHandle(): number;
  stateAgeSeconds(): number;
}) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge("waxseal_policies", "Policies in memory.", read.policies);
  gauge("waxseal_certificates", "Certificates in memory.", read.certificates);
  gauge(
    "waxseal_unreadable_certificates",
    "Certificates whose keys SECRET_KEYS does not open: their hosts get no new certificate here.",
    read.unreadableCertificates,
  );
  gauge("waxseal_tls_contexts", "TLS contexts built and kept.", read.contexts);
  gauge("waxseal_policy_connections", "Open connections of policy fetches.", read.connections);
  gauge(
    "waxseal_fetch_log_lost",
    "Answers the fetch log had no room for since the start, the database away.",
    read.uncountedFetches,
  );
  gauge(
    "waxseal_tls_handle",
    "1 when TLS is spoken on Node's handle; 0 when that failed its self-test and Node's slower streams are used.",
    read.usesTlsHandle,
  );
  gauge(
    "waxseal_state_age_seconds",
    "How long STATE_DIR has been without something that is served; 0 when it holds everything.",
    read.stateAgeSeconds,
  );
  const answers = new Counter({
    name: "waxseal_policy_answers_total",
    help: "Answers over HTTPS by status.",
    labelNames: ["status"],
    registers,
  });
  const served = answers.labels("200");
  return {
    registry,
    /** Counts an answer over HTTPS. */
    countAnswer(status: number): void {
      if (status === 200) served.inc();
      else answers.inc({ status });
    },
    handshakeFailures: new Counter({
      name: "waxseal_policy_handshake_failures_total",
      help: "TLS handshakes that came to nothing, by reason.",
      labelNames: ["reason"],
      registers,
    }),
    challengeAnswers: new Counter({
      name: "waxseal_challenge_answers_total",
      help: "Answers on port 80 by status.",
      labelNames: ["status"],
      registers,
    }),
  };
}
