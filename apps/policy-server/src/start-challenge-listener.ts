import { createServer } from "node:net";
import { expectProxyHeaders } from "@waxseal/runtime";
import { answerChallenge } from "./answer-challenge.ts";
import { createConnectionKeeper } from "./create-connection-keeper.ts";
import { HEAD_DEADLINE_MS, serveSocket } from "./serve-connection.ts";
import { boundPort, type Listener } from "./start-policy-listener.ts";

type Options = {
  port: number;
  bindAddress: string;
  keyAuthorizationOf(token: string): string | undefined;
  onAnswer(status: number): void;
  maxConnections: number;
  /** Networks of the fronts that send PROXY v2. */
  proxyProtocolFrom: readonly string[];
};

/** Serves http-01 challenges over plain HTTP and nothing else. RFC 8555 §8.3 */
export async function startChallengeListener(options: Options): Promise<Listener> {
  const keeper = createConnectionKeeper(options);
  const server = createServer({ noDelay: true }, (socket) =>
    serveSocket(socket, {
      answer: (request) => {
        const answer = answerChallenge(request, options.keyAuthorizationOf);
        options.onAnswer(answer.status);
        return answer;
      },
      onRefused: options.onAnswer,
      allow: keeper.watch(socket, HEAD_DEADLINE_MS),
    }),
  );
  expectProxyHeaders(server, { fronts: options.proxyProtocolFrom, onRefused: () => undefined });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: options.port, host: options.bindAddress }, resolve);
  });
  return {
    port: boundPort(server.address()),
    openConnections: keeper.open,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        keeper.stop();
      }),
  };
}
