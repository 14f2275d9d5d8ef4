#!/usr/bin/env node
/** The bin of the package. npm needs a JavaScript file; the program is chat-verification.ts. */
require('../.config/ts-node.cjs');
require('./chat-verification.ts');
