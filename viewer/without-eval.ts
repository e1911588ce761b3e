// The page's policy forbids code made from text (src/cli/view/responses.ts); zod would try it, and do without.
import { config } from "zod";

config({ jitless: true });
