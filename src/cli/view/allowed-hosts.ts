// The names and addresses by which a server on this machine is reached.
import { hostname, networkInterfaces } from "node:os";

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
/** Hosts that mean every address of the machine. */
const EVERY = ["0.0.0.0", "::", "[::]"];

/** List the addresses that a browser can open, the nearest first, where a server listens on `host`. */
export function openableAddresses(host: string, port: number): string[] {
  const names = EVERY.includes(host)
    ? ["127.0.0.1", ...interfaceAddresses(host !== "0.0.0.0")]
    : [bracketed(host)];
  return names.map((name) => `http://${name}:${port}/`);
}

/** List every name that a request's Host may carry; they are read at every call, since addresses change. */
export function allowedHosts(host: string): string[] {
  const own = bracketed(host).toLowerCase();
  if (LOOPBACK.includes(own)) return LOOPBACK;
  const name = hostname().toLowerCase();
  const addresses = EVERY.includes(host) ? interfaceAddresses(true) : [own];
  return [...LOOPBACK, name, `${name}.local`, ...addresses];
}

/** Addresses of the network cards; those that hold on one link only need a card's name, and no browser opens them. */
function interfaceAddresses(withIpv6: boolean): string[] {
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal, family, address }) => {
      if (internal || /^fe[89ab]/i.test(address)) return false;
      return family === "IPv4" || withIpv6;
    })
    .map(({ address }) => bracketed(address).toLowerCase());
}

function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
