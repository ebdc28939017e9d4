// Runs a program that was built for WASI: node wasi.mjs PROGRAM [WORD…]
import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const args = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args });
const module = await WebAssembly.compile(await readFile(args[0]));
wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
