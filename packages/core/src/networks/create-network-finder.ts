import { createNetworkDirectory, type Network, type NetworkDirectory } from "./create-network-directory.ts";

/** The network of an address, `null` when none is known. */
export type FindNetwork = (address: string) => Promise<Network | null>;

/**
 * Answers whose network an address is, from a directory that is loaded with the first question: make one a process.
 *
 * A network is a hint only: where the directory cannot be loaded the answer is `null`, and the next question tries again.
 */
export function createNetworkFinder(
  load: () => Promise<NetworkDirectory> = createNetworkDirectory,
): FindNetwork {
  let loading: Promise<NetworkDirectory> | undefined;
  return async (address) => {
    loading ??= load();
    try {
      return (await loading).find(address) ?? null;
    } catch {
      loading = undefined;
      return null;
    }
  };
}

/** For where no directory is at hand. */
export async function findNoNetwork(): Promise<null> {
  return null;
}
