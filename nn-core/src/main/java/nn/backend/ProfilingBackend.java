package nn.backend;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures every command by itself by the device's clock, waiting for it to end: the sum is longer
 * than the commands would take in a row. So is each command of a compiled list, which makes a
 * plan's profile.
 */
public final class ProfilingBackend extends ForwardingBackend {

  /**
   * Commands of one kind and shape, taken together.
   *
   * @param command the kind and shape
   * @param calls how many there were
   * @param nanos their time
   * @param flops their arithmetic operations
   * @param bytes the memory that they had to touch
   */
  public record Entry(String command, long calls, long nanos, long flops, long bytes) {
    private Entry plus(Entry that) {
      return new Entry(
          command, calls + that.calls, nanos + that.nanos, flops + that.flops, bytes + that.bytes);
    }
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  public ProfilingBackend(Backend inner) {
    super(inner);
  }

  @Override
  public void gemm(Gemm gemm) {
    measured(gemm, super::gemm);
  }

  @Override
  public void elementwise(Elementwise elementwise) {
    measured(elementwise, super::elementwise);
  }

  @Override
  public void reduce(Reduce reduce) {
    measured(reduce, super::reduce);
  }

  @Override
  public void chain(Chain chain) {
    measured(chain, super::chain);
  }

  @Override
  public void sparseGemm(SparseGemm sparse) {
    measured(sparse, super::sparseGemm);
  }

  /** Each command compiled by itself, so that it runs as it would within the list. */
  @Override
  public Executable compile(List<Command> commands) {
    List<Executable> each = commands.stream().map(c -> inner().compile(List.of(c))).toList();
    return new Executable() {
      @Override
      public void run(int times) {
        for (int i = 0; i < times; i++) {
          for (int c = 0; c < each.size(); c++) {
            Executable one = each.get(c);
            measured(commands.get(c), command -> one.run(1));
          }
        }
      }

      @Override
      public void close() {
        each.forEach(Executable::close);
      }
    };
  }

  /** Forgets what was measured so far. */
  public void reset() {
    entries.clear();
  }

  private <C extends Command> void measured(C command, Consumer<C> verb) {
    long nanos = time(() -> verb.accept(command));
    Work work = Work.of(command);
    Entry entry = new Entry(Work.describe(command), 1, nanos, work.flops(), work.bytes());
    entries.merge(entry.command(), entry, Entry::plus);
  }

  /** What was measured so far, longest first. */
  public List<Entry> entries() {
    return entries.values().stream()
        .sorted(Comparator.comparingLong(Entry::nanos).reversed())
        .toList();
  }

  /** The entries as a table. */
  public String table() {
    long total = Math.max(1, entries.values().stream().mapToLong(Entry::nanos).sum());
    StringBuilder table = new StringBuilder();
    table.append("  time    calls    us/call  GFLOP/s     GB/s  command\n");
    for (Entry e : entries()) {
      double nanos = Math.max(1, e.nanos());
      table.append(
          String.format(
              Locale.ROOT,
              "%5.1f%% %8d %10.1f %8.2f %8.2f  %s%n",
              100 * nanos / total,
              e.calls(),
              nanos / e.calls() / 1000,
              e.flops() / nanos,
              e.bytes() / nanos,
              e.command()));
    }
    return table.toString();
  }
}
