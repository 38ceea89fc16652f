#!/usr/bin/env node
'use strict';

// Loaded as CommonJS, since loading a module starts libuv's pool, whose size is then fixed. Hashes may take
// as many of its threads as there are cores, and two stay free for everything else. A module that was loaded before this
// file has started the pool with its usual four threads, which is what hashes then reckon with.
const options = [...process.execArgv, process.env.NODE_OPTIONS].join(' ');
if (!/--(import|loader|experimental-loader)\b/.test(options)) {
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, require('node:os').availableParallelism() + 2));
}

void import('./entry.mjs').then(({ run }) => run());
