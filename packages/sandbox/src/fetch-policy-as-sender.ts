import { request } from "node:https";
import { rootCertificates } from "node:tls";
import { MAX_POLICY_BYTES, type Policy, parsePolicy } from "@waxseal/mta-sts";

const TIMEOUT_MS = 10_000;

/** A policy in force, or the result type a sender would report (RFC 8460 §4.3). */
export type SenderPolicyFetch =
  | { ok: true; policy: Policy; lines: string[] }
  | { ok: false; resultType: string; reasonCode: string };

/**
 * Fetches a policy as strictly as a sender must: good certificate, exactly 200, `text/plain`, at most 64 KiB, no redirects.
 *
 * Never throws.
 *
 * RFC 8461 §3.3
 */
export async function fetchPolicyAsSender(input: {
  policyHost: string;
  address: string;
  port: number;
  caPem: string;
}): Promise<SenderPolicyFetch> {
  const answer = await getPolicy(input).catch((error: Error & { code?: string }) => error);
  if (answer instanceof Error) {
    const code = "code" in answer && answer.code ? answer.code : answer.message;
    const isCertificate = /CERT|SIGNATURE|ALTNAME|SELF_SIGNED|ISSUER/.test(code);
    return {
      ok: false,
      resultType: isCertificate ? "sts-webpki-invalid" : "sts-policy-fetch-error",
      reasonCode: code,
    };
  }
  const { status, contentType, body } = answer;
  if (status !== 200) {
    return {
      ok: false,
      resultType: "sts-policy-fetch-error",
      reasonCode: `bad https response code: ${status}`,
    };
  }
  if (!/^text\/plain\s*(?:;|$)/i.test(contentType)) {
    return {
      ok: false,
      resultType: "sts-policy-invalid",
      reasonCode: `media type ${contentType.slice(0, 80)}`,
    };
  }
  const parsed = parsePolicy(body);
  if (!parsed.ok) {
    return {
      ok: false,
      resultType: "sts-policy-invalid",
      reasonCode: `line ${parsed.line}: ${parsed.problem}`,
    };
  }
  return { ok: true, policy: parsed.policy, lines: body.split(/\r?\n/).filter((line) => line !== "") };
}

function getPolicy(input: {
  policyHost: string;
  address: string;
  port: number;
  caPem: string;
}): Promise<{ status: number; contentType: string; body: string }> {
  return new Promise((resolve, reject) => {
    const req = request(
      {
        host: input.address,
        port: input.port,
        servername: input.policyHost,
        headers: { host: input.policyHost, "user-agent": "waxseal-sandbox-sender" },
        path: "/.well-known/mta-sts.txt",
        ca: [...rootCertificates, input.caPem],
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          body += chunk;
          if (body.length > MAX_POLICY_BYTES) req.destroy(new Error("policy larger than 64 KiB"));
        });
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers["content-type"] ?? "",
            body,
          }),
        );
        response.on("error", reject);
      },
    );
    req.on("error", reject).end();
  });
}
