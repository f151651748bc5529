package org.spate.core.recording;

import org.jspecify.annotations.Nullable;
import org.spate.core.swarm.SwarmInput;

/**
 * One call of the machine, and what came of it.
 *
 * @param number 1 for the first step of the recording
 * @param nowNanos the clock as the machine was told
 * @param input null when only the time had come
 * @param outputs how many
 * @param hash over all outputs and deadlines from the beginning up to here
 * @param broke with what the machine failed, or empty
 */
public record Step(
    long number, long nowNanos, @Nullable SwarmInput input, long outputs, int hash, String broke)
    implements Entry {}
