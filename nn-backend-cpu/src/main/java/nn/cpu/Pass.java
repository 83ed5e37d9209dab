package nn.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import nn.backend.DType;
import nn.cpu.Space.Axis;
import nn.cpu.codegen.Access;
import nn.cpu.codegen.Access.Along;
import nn.cpu.codegen.Elements;
import nn.cpu.codegen.Kernel;
import nn.cpu.codegen.KernelSpec;
import nn.cpu.codegen.KernelSpec.Form;
import nn.cpu.codegen.KernelSpec.Span;
import nn.cpu.codegen.Species;
import nn.cpu.codegen.Stage;
import org.jspecify.annotations.Nullable;

/** A kernel bound to its operands, with memory of its own for each part that may run at once. */
final class Pass {
  private final Kernel kernel;
  private final Space space;
  private final List<View> views;
  private final int[] segments;
  private final Axis[] outerAxes;
  private final @Nullable Object[][] arrays;
  private final int[][] numbers;
  private final int[][] bases;

  /**
   * Binds a kernel.
   *
   * @param ownNumbers of the kernel, with room for those of its operands
   * @param space has strides for each of the views
   * @param segments for each view how far it moves from one segment of a reduced axis to the next
   * @param threads the most parts that run at once
   */
  Pass(
      Kernel kernel, int[] ownNumbers, Space space, List<View> views, int[] segments, int threads) {
    this.kernel = kernel;
    this.space = space;
    this.views = List.copyOf(views);
    this.segments = segments;
    this.outerAxes = space.outer().toArray(new Axis[0]);
    this.arrays = new @Nullable Object[threads][];
    this.numbers = new int[threads][];
    this.bases = new int[threads][views.size()];
    for (int part = 0; part < threads; part++) {
      arrays[part] = arrays();
      numbers[part] = numbers(ownNumbers);
    }
  }

  static KernelSpec spec(Form form, Span span, List<Stage> stages, Space space, List<View> views) {
    List<Access> accesses = new ArrayList<>();
    for (int k = 0; k < views.size(); k++) {
      Access access = access(space, k, views.get(k));
      accesses.add(
          access.along() == Along.CONTIGUOUS ? reached(access, accesses, space, views) : access);
    }
    return new KernelSpec(form, span, accesses, stages);
  }

  private static Access access(Space space, int number, View view) {
    CpuBuffer buffer = view.buffer();
    DType type = buffer == null ? null : buffer.type();
    boolean gathered = view.rows() != null && space.rows().gathered();
    return new Access(type, Along.of(space.columns().stride(number)), gathered);
  }

  /** The access by way of an operand before it from which it is always equally far. */
  private static Access reached(Access access, List<Access> before, Space space, List<View> views) {
    int number = before.size();
    for (int k = 0; k < number; k++) {
      int distance = views.get(k).distanceTo(views.get(number));
      if (distance >= 0
          && before.get(k).beside() == null
          && Arrays.equals(space.strides(k), space.strides(number))) {
        return access.beside(k, distance);
      }
    }
    return access;
  }

  private @Nullable Object[] arrays() {
    @Nullable Object[] all = new @Nullable Object[Kernel.ARRAYS * views.size() + 1];
    all[all.length - 1] = new int[Species.LANES];
    for (int k = 0; k < views.size(); k++) {
      CpuBuffer buffer = views.get(k).buffer();
      if (buffer != null) {
        int stride = space.columns().stride(k);
        boolean mapped =
            Along.of(stride) == Along.STRIDED && !Elements.needsScratch(buffer.type(), true);
        all[Kernel.ARRAYS * k] = buffer.array();
        all[Kernel.ARRAYS * k + 1] = mapped ? laneOffsets(stride) : null;
        all[Kernel.ARRAYS * k + 2] = rowNumbers(views.get(k));
      }
    }
    return all;
  }

  private static int[] laneOffsets(int stride) {
    return IntStream.range(0, Species.LANES).map(lane -> lane * stride).toArray();
  }

  private static int @Nullable [] rowNumbers(View view) {
    RowNumbers rows = view.rows();
    return rows == null ? null : rows.array();
  }

  private int[] numbers(int[] own) {
    int[] all = own.clone();
    for (int k = 0; k < views.size(); k++) {
      RowNumbers rows = views.get(k).rows();
      all[Kernel.NUMBERS * k + 1] = space.rows().stride(k);
      all[Kernel.NUMBERS * k + 2] = space.columns().stride(k);
      all[Kernel.NUMBERS * k + 4] = rows == null ? 0 : rows.stride();
    }
    return all;
  }

  /**
   * Reads the cursors, once before a part's first block.
   *
   * @throws IllegalArgumentException if a cursor or a row number leads out of a buffer
   */
  void start(int part) {
    for (int k = 0; k < views.size(); k++) {
      View view = views.get(k);
      RowNumbers rows = view.rows();
      if (rows == null) {
        bases[part][k] = view.place().now();
      } else {
        bases[part][k] = view.place().origin();
        numbers[part][Kernel.NUMBERS * k + 3] = rows.now(view.place(), view.strides().getFirst());
      }
    }
  }

  /**
   * Computes a block.
   *
   * @param outer the row-major number of the place along the outer axes
   * @param segment the number of the segment of the reduced axis
   */
  void run(int part, int outer, int segment, int rowFrom, int rowTo, int columnFrom, int columnTo) {
    @Nullable Object[] array = arrays[part];
    int[] number = numbers[part];
    for (int k = 0; k < segments.length; k++) {
      number[Kernel.NUMBERS * k] =
          bases[part][k] + segments[k] * segment + outerOffset(k, outer, array, number);
    }
    kernel.run(array, number, rowFrom, rowTo, columnFrom, columnTo);
  }

  private int outerOffset(int k, int outer, @Nullable Object[] array, int[] number) {
    int offset = 0;
    int rest = outer;
    for (int i = outerAxes.length - 1; i >= 0; i--) {
      Axis axis = outerAxes[i];
      int coordinate = rest % axis.extent();
      rest /= axis.extent();
      if (axis.gathered() && array[Kernel.ARRAYS * k + 2] instanceof int[] rows) {
        int place = number[Kernel.NUMBERS * k + 3] + coordinate * number[Kernel.NUMBERS * k + 4];
        coordinate = rows[place];
      }
      offset += coordinate * axis.stride(k);
    }
    return offset;
  }
}
