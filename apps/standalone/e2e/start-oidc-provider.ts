import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { createSelfSignedCertificate } from "@waxseal/sandbox";
import { Provider } from "oidc-provider";

/** A certified OpenID provider of others, with a sign-in page. Any login and password will do. */
export type OidcProvider = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Opens it for a client with this address to come back to. */
  allow(redirectUri: string): void;
  stop(): void;
};

/**
 * Starts it on loopback under a name; `caFile` gets what a client must trust. Its address of a person is their login, verified.
 * By default it gives addresses by userinfo only (OpenID Connect Core 1.0 §5.4).
 */
export async function startOidcProvider(options: { host: string; caFile: string }): Promise<OidcProvider> {
  const now = Date.now();
  const { keyPem, certPem } = await createSelfSignedCertificate({
    names: [options.host],
    notBefore: new Date(now - 3_600_000),
    notAfter: new Date(now + 86_400_000),
  });
  await writeFile(options.caFile, certPem);
  const server = createServer({ key: keyPem, cert: certPem });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const issuer = `https://${options.host}:${typeof address === "object" && address ? address.port : 0}`;
  const client = { clientId: "waxseal", clientSecret: "a secret of the provider and us" };
  return {
    issuer,
    ...client,
    allow: (redirectUri) => {
      const provider = new Provider(issuer, {
        clients: [
          { client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [redirectUri] },
        ],
        claims: { email: ["email", "email_verified"], profile: ["name"] },
        cookies: { keys: ["only for this test"] },
        findAccount: (_ctx, id) => ({
          accountId: id,
          claims: () => ({ sub: id, email: id, email_verified: true, name: "Vera Vintner" }),
        }),
      });
      server.on("request", provider.callback());
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
