package io.sessionizer.bench.peers;

import java.io.IOException;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** How the Flink job lays out its two types as bytes: by hand, with no name and no tag. */
final class PeerSerializers {
  private PeerSerializers() {}

  static final class OfVisit extends TypeSerializerSingleton<PeerVisit> {
    private static final long serialVersionUID = 1L;
    static final OfVisit INSTANCE = new OfVisit();

    @Override
    public boolean isImmutableType() {
      return true; // nobody changes one that has been read
    }

    @Override
    public PeerVisit createInstance() {
      return new PeerVisit();
    }

    @Override
    public PeerVisit copy(PeerVisit from) {
      return from;
    }

    @Override
    public PeerVisit copy(PeerVisit from, PeerVisit reuse) {
      return from;
    }

    @Override
    public int getLength() {
      return -1;
    }

    @Override
    public void serialize(PeerVisit visit, DataOutputView target) throws IOException {
      StringValue.writeString(visit.visitId, target);
      StringValue.writeString(visit.userId, target);
      StringValue.writeString(visit.page, target);
      target.writeLong(visit.timeMillis);
    }

    @Override
    public PeerVisit deserialize(DataInputView source) throws IOException {
      return deserialize(new PeerVisit(), source);
    }

    @Override
    public PeerVisit deserialize(PeerVisit reuse, DataInputView source) throws IOException {
      reuse.visitId = StringValue.readString(source);
      reuse.userId = StringValue.readString(source);
      reuse.page = StringValue.readString(source);
      reuse.timeMillis = source.readLong();
      return reuse;
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
      serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<PeerVisit> snapshotConfiguration() {
      return new VisitSnapshot();
    }

    /** Of the serializer, for the state's metadata. */
    public static final class VisitSnapshot extends SimpleTypeSerializerSnapshot<PeerVisit> {
      /** For Flink. */
      public VisitSnapshot() {
        super(() -> INSTANCE);
      }
    }
  }

  static final class OfSession extends TypeSerializerSingleton<PeerSession> {
    private static final long serialVersionUID = 1L;
    static final OfSession INSTANCE = new OfSession();

    @Override
    public boolean isImmutableType() {
      return false;
    }

    @Override
    public PeerSession createInstance() {
      return new PeerSession();
    }

    @Override
    public PeerSession copy(PeerSession from) {
      return from.copy();
    }

    @Override
    public PeerSession copy(PeerSession from, PeerSession reuse) {
      return from.copy();
    }

    @Override
    public int getLength() {
      return -1;
    }

    @Override
    public void serialize(PeerSession session, DataOutputView target) throws IOException {
      StringValue.writeString(session.visitId, target);
      StringValue.writeString(session.userId, target);
      target.writeLong(session.userMillis);
      target.writeInt(session.size);
      for (int i = 0; i < session.size; i++) {
        target.writeLong(session.times[i]);
        StringValue.writeString(session.pages[i], target);
      }
    }

    @Override
    public PeerSession deserialize(DataInputView source) throws IOException {
      PeerSession session = new PeerSession();
      session.visitId = StringValue.readString(source);
      session.userId = StringValue.readString(source);
      session.userMillis = source.readLong();
      int size = source.readInt();
      session.reserve(size + 1);
      for (int i = 0; i < size; i++) {
        session.append(source.readLong(), StringValue.readString(source));
      }
      return session;
    }

    @Override
    public PeerSession deserialize(PeerSession reuse, DataInputView source) throws IOException {
      return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
      serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<PeerSession> snapshotConfiguration() {
      return new SessionSnapshot();
    }

    /** Of the serializer, for the state's metadata. */
    public static final class SessionSnapshot extends SimpleTypeSerializerSnapshot<PeerSession> {
      /** For Flink. */
      public SessionSnapshot() {
        super(() -> INSTANCE);
      }
    }
  }

  /** Returns the type that goes with a serializer. */
  static <T> TypeInformation<T> type(Class<T> type, TypeSerializer<T> serializer) {
    return new Type<>(type, serializer);
  }

  private static final class Type<T> extends TypeInformation<T> {
    private static final long serialVersionUID = 1L;
    private final Class<T> type;
    private final TypeSerializer<T> serializer;

    private Type(Class<T> type, TypeSerializer<T> serializer) {
      this.type = type;
      this.serializer = serializer;
    }

    @Override
    public boolean isBasicType() {
      return false;
    }

    @Override
    public boolean isTupleType() {
      return false;
    }

    @Override
    public int getArity() {
      return 1;
    }

    @Override
    public int getTotalFields() {
      return 1;
    }

    @Override
    public Class<T> getTypeClass() {
      return type;
    }

    @Override
    public boolean isKeyType() {
      return false;
    }

    @Override
    @SuppressWarnings("deprecation") // what replaces it is not abstract yet
    public TypeSerializer<T> createSerializer(ExecutionConfig config) {
      return serializer;
    }

    @Override
    public String toString() {
      return type.getSimpleName();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Type<?> that && type.equals(that.type);
    }

    @Override
    public int hashCode() {
      return type.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
      return other instanceof Type<?>;
    }
  }
}
