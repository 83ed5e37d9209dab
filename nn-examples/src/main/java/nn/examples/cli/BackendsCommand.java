package nn.examples.cli;

import java.util.List;
import java.util.Locale;
import nn.backend.Backends;
import nn.backend.Backends.Found;
import nn.backend.Device;
import nn.backend.Probe;
import picocli.CommandLine.Command;

/** {@code nn backends}: what there is to compute on. */
@Command(
    name = "backends",
    description = "Lists the backends: usable or not, why not and what to do, devices, memory.")
final class BackendsCommand implements Runnable {
  private static final String ROW = "%-11s %-7s %-40s %-28s %8s %10s";

  private final Terminal terminal;

  BackendsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    List<Found> found = Backends.find();
    terminal.say(ROW, "BACKEND", "USABLE", "DEVICE", "DETAIL", "THREADS", "MEMORY");
    for (Found f : found) {
      print(f.provider().name(), f.probe());
    }
    terminal.say("%nauto takes %s", Backends.choose(Backends.AUTO).explanation());
  }

  private void print(String name, Probe probe) {
    Device device = probe.device();
    if (device == null) {
      terminal.say("%-11s %-7s %s", name, "no", probe.reason());
      if (!probe.remedy().isEmpty()) {
        terminal.say("%-19s %s", "", probe.remedy());
      }
      return;
    }
    terminal.say(
        ROW,
        name,
        "yes",
        device.name(),
        device.detail(),
        device.threads(),
        memory(device.memoryBytes()));
  }

  private static String memory(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
  }
}
