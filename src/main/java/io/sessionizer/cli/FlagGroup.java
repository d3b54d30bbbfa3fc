package io.sessionizer.cli;

import java.util.List;

/**
 * A group of flags in the help of a command.
 *
 * @param title the subject of the group
 * @param all all flags of the group
 * @param common those of them that {@code --help} shows without {@code --all}
 */
record FlagGroup(String title, List<FlagHelp> all, List<FlagHelp> common) {}
