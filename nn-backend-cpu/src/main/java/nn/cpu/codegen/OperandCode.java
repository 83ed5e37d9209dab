package nn.cpu.codegen;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.util.List;
import java.util.Objects;
import nn.backend.DType;
import nn.cpu.codegen.Access.Along;
import nn.cpu.codegen.Access.Beside;
import nn.cpu.codegen.Elements.Stride;
import nn.cpu.codegen.Elements.Tail;
import nn.expr.Type;
import org.jspecify.annotations.Nullable;

/** Emits how a kernel addresses one of its operands. */
final class OperandCode {
  private static final ClassDesc INTS = CD_int.arrayType();
  private static final int ARRAYS_SLOT = 1;
  private static final int NUMBERS_SLOT = 2;

  /** The column variable, and a distance from it. */
  record Column(int slot, int plus) {}

  private final VectorCode v;
  private final CodeBuilder code;
  private final Elements elements;
  private final Access access;
  private final int number;
  private int array;
  private int map;
  private int rows;
  private int base;
  private int rowStride;
  private int columnStride;
  private int rowsBase;
  private int rowsStride;
  private int offset;

  /** The operand that this one lies beside. */
  private final @Nullable OperandCode beside;

  private final int distance;

  /** How far the farthest lies of those that are reached from this one. */
  private int farthest;

  /** The variable with the vector's place, where others are reached from it. */
  private int place;

  OperandCode(VectorCode v, Elements elements, Access access, List<OperandCode> before) {
    this.v = v;
    this.code = v.code();
    this.elements = elements;
    this.access = access;
    this.number = before.size();
    Beside other = access.beside();
    this.beside = other == null ? null : before.get(other.operand());
    this.distance = other == null ? 0 : other.distance();
    if (beside != null) {
      beside.farthest = Math.max(beside.farthest, distance);
    }
  }

  Access access() {
    return access;
  }

  /** Takes what the kernel was given into local variables. */
  void bind() {
    if (beside != null) {
      array = beside.array;
      return;
    }
    DType type = access.type();
    if (type != null) {
      array = array(0, Elements.arrayClass(type));
    }
    boolean strided = access.along() == Along.STRIDED;
    if (strided && type != null && !Elements.needsScratch(type, true)) {
      map = array(1, INTS);
    }
    base = number(0);
    rowStride = number(1);
    if (strided) {
      columnStride = number(2);
    }
    if (access.gathered()) {
      rows = array(2, INTS);
      rowsBase = number(3);
      rowsStride = number(4);
    }
    offset = v.newSlot();
    code.iload(base).istore(offset);
  }

  private int array(int which, ClassDesc type) {
    int slot = v.newSlot();
    code.aload(ARRAYS_SLOT)
        .loadConstant(Kernel.ARRAYS * number + which)
        .aaload()
        .checkcast(type)
        .astore(slot);
    return slot;
  }

  private int number(int which) {
    int slot = v.newSlot();
    code.aload(NUMBERS_SLOT).loadConstant(Kernel.NUMBERS * number + which).iaload().istore(slot);
    return slot;
  }

  /** Sets the address of the row's first element. */
  void startRow(int row) {
    if (beside != null) {
      return;
    }
    code.iload(base);
    if (access.gathered()) {
      code.aload(rows).iload(rowsBase).iload(row).iload(rowsStride).imul().iadd().iaload();
    } else {
      code.iload(row);
    }
    code.iload(rowStride).imul().iadd().istore(offset);
  }

  /** Finds the place of a vector, and checks all that is reached from there. */
  void startVector(Column column) {
    if (farthest > 0) {
      int at = v.newSlot();
      place = 0;
      address(column).run();
      code.istore(at);
      Bounds.check(code, array, at, farthest + Species.LANES);
      place = at;
    }
  }

  private Runnable address(Column column) {
    if (beside != null) {
      return () -> {
        beside.address(column).run();
        code.loadConstant(distance).iadd();
      };
    }
    if (place > 0) {
      return () -> code.iload(place);
    }
    return () -> {
      code.iload(offset);
      if (access.along() == Along.BROADCAST) {
        return;
      }
      code.iload(column.slot);
      if (column.plus > 0) {
        code.loadConstant(column.plus).iadd();
      }
      if (access.along() == Along.STRIDED) {
        code.iload(columnStride).imul();
      }
      code.iadd();
    };
  }

  private @Nullable Stride stride() {
    return access.along() == Along.STRIDED ? new Stride(() -> code.iload(columnStride), map) : null;
  }

  Vec load(Type wanted, Column column, @Nullable Tail tail) {
    DType type = access.type();
    Runnable address = address(column);
    if (type == null) {
      return own(address);
    }
    return access.along() == Along.BROADCAST
        ? elements.loadBroadcast(type, wanted, array, address)
        : elements.load(type, wanted, array, address, stride(), tail);
  }

  private Vec own(Runnable address) {
    Vec first = v.broadcast(Type.INT, address);
    return switch (access.along()) {
      case BROADCAST -> first;
      case CONTIGUOUS -> v.addLaneNumber(first, code::iconst_1);
      case STRIDED -> v.addLaneNumber(first, () -> code.iload(columnStride));
    };
  }

  void store(Vec value, Column column, @Nullable Tail tail) {
    DType type = access.type();
    if (type == null) {
      throw new IllegalStateException("an index is not stored to");
    }
    if (access.along() == Along.BROADCAST) {
      elements.storeFirst(type, value, array, address(column));
    } else {
      elements.store(type, value, array, address(column), stride(), tail);
    }
  }

  /** Stores what accumulators come to, once for a row. */
  void storeFolded(Runnable pushFolded, Column column) {
    elements.storeFolded(Objects.requireNonNull(access.type()), pushFolded, array, address(column));
  }
}
