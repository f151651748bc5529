/** The store that several tracker nodes share: Valkey or Redis, alone or as a cluster. */
@NullMarked
package org.spate.tracker.redis;

import org.jspecify.annotations.NullMarked;
