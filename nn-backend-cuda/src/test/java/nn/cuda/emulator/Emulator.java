package nn.cuda.emulator;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The emulated card, as tests see it: what lives on it, what it saw that is against CUDA's rules,
 * and faults that it is to have. There is one in a process.
 *
 * <p>A rule that is broken is named in {@link #violations}: out of bounds, use after free, double
 * free, unaligned access, race in shared memory, divergent barrier, shuffle without all lanes,
 * wrong stream, allocation (synchronize, free, ...) inside a capture, pinned memory freed in
 * flight, no current context, invalid handle, invalid launch, overlap, unreached event, untimed
 * event, event of a capture, leak.
 */
@SuppressWarnings("restricted") // it calls native code
public final class Emulator {
  /** Things that live on the card, by the name that {@link #count} takes. */
  private static final List<String> LIVING =
      List.of(
          "allocations",
          "pinned",
          "streams",
          "events",
          "modules",
          "graphs",
          "executables",
          "handles",
          "programs",
          "contexts");

  private final MethodHandle reset;
  private final MethodHandle fail;
  private final MethodHandle setMemory;
  private final MethodHandle violations;
  private final MethodHandle count;

  private Emulator(SymbolLookup library) {
    Linker linker = Linker.nativeLinker();
    MemoryLayout text = ValueLayout.ADDRESS;
    MemoryLayout number = ValueLayout.JAVA_LONG;
    reset = bind(linker, library, "emuReset", FunctionDescriptor.ofVoid());
    fail = bind(linker, library, "emuFail", FunctionDescriptor.ofVoid(text, number));
    setMemory = bind(linker, library, "emuSetMemory", FunctionDescriptor.ofVoid(number));
    violations = bind(linker, library, "emuViolations", FunctionDescriptor.of(text));
    count = bind(linker, library, "emuCount", FunctionDescriptor.of(number, text));
  }

  private static MethodHandle bind(
      Linker linker, SymbolLookup library, String name, FunctionDescriptor type) {
    return linker.downcallHandle(library.findOrThrow(name), type);
  }

  /**
   * The emulator, built where it was not, and made what {@code NN_CUDA_HOME} names in this process;
   * without a C++ compiler the test is skipped. Faults, violations and an error that the card kept
   * are forgotten.
   */
  public static Emulator require() {
    Optional<Path> compiler = EmulatorBuild.compiler();
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "JCuda's natives, and so the emulated driver, are for linux-x86_64");
    assumeTrue(
        compiler.isPresent(),
        "no C++ compiler (c++, g++ or clang++), so the emulated driver cannot be built");
    Path target = Path.of("target", "emulator").toAbsolutePath();
    try {
      new EmulatorBuild(Path.of("src", "test", "cpp").toAbsolutePath(), target).run(compiler.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    System.setProperty("NN_CUDA_HOME", target.toString());
    Path driver = target.resolve("libcuda.so.1");
    System.load(driver.toString());
    Emulator emulator = new Emulator(SymbolLookup.loaderLookup());
    emulator.reset();
    return emulator;
  }

  /**
   * Forgets faults, violations, and a lost card with all that lived on it; else what lives on the
   * card stays.
   */
  public void reset() {
    call(() -> {
      reset.invokeExact();
    });
  }

  /** Lets the n-th allocation from now fail for want of memory. */
  public void failAllocation(int n) {
    fail("allocation", n);
  }

  /** Lets the n-th launch of a kernel, a graph or a product from now fail. */
  public void failLaunch(int n) {
    fail("launch", n);
  }

  /** Lets the n-th compilation from now fail. */
  public void failCompilation(int n) {
    fail("compilation", n);
  }

  /** Lets every call fail from now on, as if the card had fallen off its bus. */
  public void loseDevice() {
    fail("device", 1);
  }

  private void fail(String what, long n) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(what);
      call(() -> {
        fail.invokeExact(text, n);
      });
    }
  }

  /** Sets how much memory the card has: 4 GiB at first. */
  public void setMemory(long bytes) {
    call(() -> {
      setMemory.invokeExact(bytes);
    });
  }

  /** What was against CUDA's rules since the last reset, each beginning with the rule's name. */
  public List<String> violations() {
    MemorySegment[] text = new MemorySegment[1];
    call(() -> text[0] = (MemorySegment) violations.invokeExact());
    return text[0].reinterpret(Long.MAX_VALUE).getString(0).lines().toList();
  }

  /**
   * How many there are, or were since the process began.
   *
   * @param what living: allocations, bytes, pinned, streams, events, modules, graphs, executables,
   *     handles (of cuBLAS), programs, contexts; happened: launches, graphLaunches, gemms,
   *     compilations, copiesIn, copiesOut, synchronizations
   */
  public long count(String what) {
    long[] result = new long[1];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(what);
      call(() -> result[0] = (long) count.invokeExact(text));
    }
    if (result[0] < 0) {
      throw new IllegalArgumentException("no count is called " + what);
    }
    return result[0];
  }

  /** What lives on the card, as "2 streams"; empty after a backend that gave back all it took. */
  public List<String> living() {
    return LIVING.stream()
        .filter(what -> count(what) != 0)
        .map(what -> count(what) + " " + what)
        .toList();
  }

  @FunctionalInterface
  private interface Call {
    void run() throws Throwable;
  }

  private static void call(Call call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
