package io.sessionizer.config;

/**
 * A job as its flags describe it.
 *
 * @param settings what it does
 * @param options the same as Beam's options, for the runner, with those of the runner
 */
public record JobSpec(Settings settings, SessionizationOptions options) {}
