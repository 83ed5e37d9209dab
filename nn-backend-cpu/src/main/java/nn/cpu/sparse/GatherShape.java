package nn.cpu.sparse;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import nn.cpu.codegen.FloatCode;
import nn.cpu.codegen.Species;

/**
 * What is constant in a {@link GatherKernel}. The columns of a block of channels are in local
 * variables, which C2 keeps in vector registers, while the kernel runs over the windows.
 */
sealed interface GatherShape extends KernelShape<GatherKernel> permits DenseGather, NonZeroGather {
  /** With the value and what is read, what fits in 16 or 32 registers. */
  int MOST_SUMS = Species.LANES >= 16 ? 16 : 12;

  int WARM_WINDOWS = 10;

  /** No patch begins behind it, and no vector of one is out of an integer's range. */
  int LAST_PLACE = Integer.MAX_VALUE >> 1;

  /** The kernel's parameters, and the first free variable. */
  int STAGE = 1;

  int PLACES = 2;
  int PLACES_AT = 3;
  int WINDOWS = 4;
  int VALUES = 5;
  int VALUES_AT = 6;
  int NON_ZEROS = 7;
  int CHANNEL = 8;
  int END_CHANNEL = 9;
  int COLUMNS = 10;
  int COLUMNS_AT = 11;
  int FIRST_FREE = 12;

  /** Where the vectors lie, from the beginning of a patch on. */
  List<Integer> distances();

  /** Channels of a block: with the vectors, at most {@link #MOST_SUMS} sums. */
  int channels();

  /** From a window's values to the next one's. */
  int step();

  /** Elements of a channel's columns. */
  int columns();

  @Override
  default Class<GatherKernel> type() {
    return GatherKernel.class;
  }

  @Override
  default MethodTypeDesc parameters() {
    return MethodTypeDesc.of(
        CD_void,
        CD_float.arrayType(),
        CD_int.arrayType(),
        CD_int,
        CD_int,
        CD_float.arrayType(),
        CD_int,
        CD_int.arrayType(),
        CD_int,
        CD_int,
        CD_float.arrayType(),
        CD_int);
  }

  /**
   * <pre>
   *   for each block of channels:
   *     for c, v: sum[c, v] = columns[c, v]
   *     add the windows
   *     for c, v: columns[c, v] = sum[c, v]
   * </pre>
   */
  @Override
  default void emit(CodeBuilder code) {
    FloatCode floats = new FloatCode(code, FIRST_FREE);
    int count = channels() * distances().size();
    int sums = floats.slots(count);
    Label next = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(next).iload(CHANNEL).iload(END_CHANNEL).if_icmpge(end);
    for (int i = 0; i < count; i++) {
      floats.load(COLUMNS, COLUMNS_AT, column(i));
      code.astore(sums + i);
    }
    addWindows(code, floats, sums);
    for (int i = 0; i < count; i++) {
      code.aload(sums + i);
      floats.store(COLUMNS, COLUMNS_AT, column(i));
    }
    code.iinc(CHANNEL, channels());
    code.iload(COLUMNS_AT).loadConstant(channels() * columns()).iadd().istore(COLUMNS_AT);
    code.goto_(next).labelBinding(end).return_();
  }

  private int column(int sum) {
    int vectors = distances().size();
    return sum / vectors * columns() + sum % vectors * Species.LANES;
  }

  /** Adds all windows to the sums of the block that begins with {@link #CHANNEL}. */
  void addWindows(CodeBuilder code, FloatCode floats, int sums);

  /** Adds a channel's value times a patch to its sums. */
  default void addPatch(CodeBuilder code, FloatCode floats, int x, int place, int sums) {
    // it lies on the stage (Patches); that it is not negative is for C2, which may then add
    // distances to it in addresses
    code.iload(place).loadConstant(LAST_PLACE).iand().istore(place);
    for (int v = 0; v < distances().size(); v++) {
      code.aload(x);
      floats.load(STAGE, place, distances().get(v));
      code.aload(sums + v);
      floats.fma();
      code.astore(sums + v);
    }
  }

  /**
   * Few windows of two or three blocks of channels: C2 is to be asked because of the calls, not
   * within one because of the loops' passes, with the sums in their midst. With what looks up the
   * patches, which is compiled with it.
   */
  @Override
  default Runnable trial(GatherKernel kernel) {
    float[] stage = new float[Collections.max(distances()) + Species.LANES];
    float[] values = new float[WARM_WINDOWS * step()];
    int[] nowhere = new int[values.length];
    int[] nonZeros = new int[step()];
    Arrays.setAll(nonZeros, c -> c % 3 * 0b1001);
    float[] sums = new float[step() * columns()];
    byte[] choices = new byte[values.length + 2 * Species.LANES];
    int[] table = Patches.table(new int[] {0, 0}, 1);
    Patches patches = new Patches();
    patches.reserve(values.length + 2 * Species.LANES);
    int[] windows = new int[WARM_WINDOWS];
    int end = Math.min(step(), channels() * (channels() == 1 ? 3 : 2));
    return () -> {
      patches.find(choices, 0, step(), windows, table, 0, 2 * Species.LANES);
      kernel.run(stage, nowhere, 0, WARM_WINDOWS, values, 0, nonZeros, 0, end, sums, 0);
    };
  }
}
