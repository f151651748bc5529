/**
 * A torrent's bytes on disk: files opened only inside the target folder, pieces hashed as they are
 * assembled and written once they are good, resume data that claims only what is known to be there.
 *
 * <p>{@link org.spate.engine.storage.TorrentStorage} belongs to one event loop and never blocks it;
 * what blocks runs on the pools of a {@link org.spate.engine.storage.StorageService}.
 */
@NullMarked
package org.spate.engine.storage;

import org.jspecify.annotations.NullMarked;
