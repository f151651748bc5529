/** Web seeds: HTTP connections that bring blocks of torrents (BEP 17, BEP 19). */
@NullMarked
package org.spate.engine.web;

import org.jspecify.annotations.NullMarked;
