package nn.tck;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import nn.backend.Backend;
import nn.backend.Buffer;
import nn.backend.DType;
import nn.backend.Transfer;

/** Buffers: zeroed when new, written and read in part, given back. */
final class MemoryCases {
  private MemoryCases() {}

  /** A case that is a few lines of its own. */
  private record Scenario(String name, Function<Backend, Outcome> body) implements Case {
    @Override
    public Verb verb() {
      return Verb.MEMORY;
    }

    @Override
    public Outcome run(Backend backend) {
      return body.apply(backend);
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (DType type : DType.values()) {
      cases.add(typed("new buffers hold zeros", type, MemoryCases::zeroed));
      cases.add(typed("zeros again after a buffer was freed", type, MemoryCases::zeroedAgain));
      cases.add(typed("parts written and read, on and off the heap", type, MemoryCases::parts));
      cases.add(typed("values survive the way there and back", type, MemoryCases::roundTrip));
      cases.add(typed("a buffer without elements", type, MemoryCases::empty));
      cases.add(typed("transfers beyond the end are refused", type, MemoryCases::beyond));
    }
    cases.add(new Scenario("F32, I32 and U8 are supported", MemoryCases::types));
    cases.add(new Scenario("the device describes itself", MemoryCases::device));
    cases.add(new Scenario("a type without support is refused", MemoryCases::refused));
    return cases;
  }

  private interface Body {
    Outcome run(Backend backend, DType type);
  }

  private static Case typed(String name, DType type, Body body) {
    return new Scenario(
        name + ", " + type,
        backend ->
            backend.supports(type)
                ? body.run(backend, type)
                : Outcome.skipped(type + " is not supported"));
  }

  private static Outcome zeroed(Backend backend, DType type) {
    for (int n : Sizes.all()) {
      Buffer buffer = backend.allocate(type, n);
      boolean zero = Arrays.stream(Transfer.read(backend, buffer)).allMatch(v -> v == 0);
      boolean described = buffer.length() == n && buffer.type() == type;
      backend.free(buffer);
      if (!zero || !described) {
        return Outcome.failed("not zero, or of the wrong type or length: " + n);
      }
    }
    return Outcome.passed();
  }

  private static Outcome zeroedAgain(Backend backend, DType type) {
    for (int i = 0; i < 5; i++) {
      Buffer buffer = backend.allocate(type, 1000);
      boolean zero = Arrays.stream(Transfer.read(backend, buffer)).allMatch(v -> v == 0);
      double[] ones = new double[1000];
      Arrays.fill(ones, 1);
      Transfer.write(backend, buffer, ones);
      backend.free(buffer);
      if (!zero) {
        return Outcome.failed("memory used before was handed out uncleared");
      }
    }
    return Outcome.passed();
  }

  private static Outcome parts(Backend backend, DType type) {
    SplittableRandom random = new SplittableRandom(5);
    int size = 100;
    byte[] mirror = new byte[size * type.bytes()];
    Buffer buffer = backend.allocate(type, size);
    try (Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < 40; i++) {
        int offset = random.nextInt(size);
        byte[] part = new byte[random.nextInt(size - offset + 1) * type.bytes()];
        random.nextBytes(part);
        boolean onHeap = i % 2 == 0;
        MemorySegment heap = MemorySegment.ofArray(part);
        MemorySegment source =
            onHeap ? heap : arena.allocate(part.length, type.bytes()).copyFrom(heap);
        backend.write(buffer, offset, source);
        System.arraycopy(part, 0, mirror, offset * type.bytes(), part.length);
        if (!reads(backend, buffer, mirror, random, arena)) {
          return Outcome.failed("after %d writes another part was read".formatted(i + 1));
        }
      }
    } finally {
      backend.free(buffer);
    }
    return Outcome.passed();
  }

  private static boolean reads(
      Backend backend, Buffer buffer, byte[] mirror, SplittableRandom random, Arena arena) {
    int bytes = buffer.type().bytes();
    int offset = random.nextInt(buffer.length());
    int count = random.nextInt(buffer.length() - offset + 1);
    MemorySegment native1 = arena.allocate((long) count * bytes, bytes);
    byte[] heap = new byte[count * bytes];
    backend.read(buffer, offset, native1);
    backend.read(buffer, offset, MemorySegment.ofArray(heap));
    byte[] expected = Arrays.copyOfRange(mirror, offset * bytes, (offset + count) * bytes);
    return Arrays.equals(expected, heap)
        && Arrays.equals(expected, native1.toArray(ValueLayout.JAVA_BYTE));
  }

  private static Outcome roundTrip(Backend backend, DType type) {
    double[] values = {0, 1, 2, 3, 5, 8, 127, 128, 200, 255};
    Buffer buffer = backend.allocate(type, values.length);
    Transfer.write(backend, buffer, values);
    double[] back = Transfer.read(backend, buffer);
    backend.free(buffer);
    return Outcome.of(Arrays.equals(values, back), "read " + Arrays.toString(back));
  }

  private static Outcome empty(Backend backend, DType type) {
    Buffer buffer = backend.allocate(type, 0);
    backend.write(buffer, 0, MemorySegment.ofArray(new byte[0]));
    int length = Transfer.read(backend, buffer).length;
    backend.free(buffer);
    return Outcome.of(length == 0, "has " + length + " elements");
  }

  private static Outcome beyond(Backend backend, DType type) {
    Buffer buffer = backend.allocate(type, 4);
    MemorySegment two = MemorySegment.ofArray(new byte[2 * type.bytes()]);
    boolean refused =
        throwsSomething(() -> backend.write(buffer, 3, two))
            && throwsSomething(() -> backend.read(buffer, 3, two))
            && throwsSomething(() -> backend.write(buffer, -1, two));
    backend.free(buffer);
    return Outcome.of(refused, "no exception");
  }

  private static boolean throwsSomething(Runnable action) {
    try {
      action.run();
      return false;
    } catch (IllegalArgumentException | IndexOutOfBoundsException expected) {
      return true;
    }
  }

  private static Outcome types(Backend backend) {
    List<DType> required = List.of(DType.F32, DType.I32, DType.U8);
    return Outcome.of(required.stream().allMatch(backend::supports), "one is not");
  }

  private static Outcome device(Backend backend) {
    var device = backend.device();
    boolean complete =
        !device.backend().isBlank() && !device.name().isBlank() && device.memoryBytes() > 0;
    return Outcome.of(complete, "name or memory are missing: " + device);
  }

  private static Outcome refused(Backend backend) {
    for (DType type : DType.values()) {
      if (!backend.supports(type) && !throwsSomething(() -> backend.allocate(type, 1))) {
        return Outcome.failed(type + " can be allocated though it is not supported");
      }
    }
    return Outcome.passed();
  }
}
