package io.sessionizer.launch;

import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.config.Settings;

/**
 * A job as its flags describe it.
 *
 * @param settings what it does
 * @param options the same as Beam's options, for the runner, with those of the runner
 */
public record JobSpec(Settings settings, SessionizationOptions options) {}
