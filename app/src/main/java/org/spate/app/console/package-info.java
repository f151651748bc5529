/** What a person or a program at the command line sees: units, JSON lines, progress. */
@NullMarked
package org.spate.app.console;

import org.jspecify.annotations.NullMarked;
