@NullMarked
package org.spate.core.metainfo;

import org.jspecify.annotations.NullMarked;
