// zstd at its best for every file that the build compressed: at Reflex's level it is larger than
// gzip. Called with the folder of the build.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as zlib from "node:zlib";

const compress = promisify(zlib.zstdCompress);
const params = {
  [zlib.constants.ZSTD_c_compressionLevel]: 19,
  [zlib.constants.ZSTD_c_contentSizeFlag]: 1,
};
const files = await readdir(process.argv[2], { recursive: true });
for (const name of files.filter((file) => file.endsWith(".zst"))) {
  const path = join(process.argv[2], name);
  await writeFile(path, await compress(await readFile(path.slice(0, -4)), { params }));
}
