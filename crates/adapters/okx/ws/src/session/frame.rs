//! Frames: what concerns the session is taken out, what concerns the user handed on.

use okx_common::clock::Now;

use super::{
    Session,
    event::{Event, Incoming, LinkId, TopicId},
    link::{OnLink, Role},
};
use crate::{
    decode::{DecodeError, Decoder, NAMELESS, redacted},
    message::{Data, Message, Notice},
};

/// The notice of an upgrade: the connection closes in about 60 s.
const SERVICE_UPGRADE: u32 = 64008;

/// Characters that are kept of OKX's name for a connection; they have 8.
const CONN_ID_CHARS_MAX: usize = 64;

impl Session {
    /// Takes a text frame. What it returns borrows from the frame and the decoder; the session is free for other calls. Drain
    /// [`Self::poll`] afterwards.
    ///
    /// # Errors
    /// If the frame cannot be read. The link and all other frames are unaffected; an order book whose update is lost this way shows it
    /// by its sequence.
    pub fn handle_frame<'a>(
        &mut self,
        decoder: &'a mut Decoder,
        link_id: LinkId,
        frame: &'a [u8],
        now: Now,
    ) -> Result<Incoming<'a>, DecodeError> {
        let Some(link) = self.links.iter_mut().find(|l| l.id == link_id) else {
            return Ok(Incoming::Nothing);
        };
        link.last_in_ns = now.mono_ns;
        link.ping_sent_ns = None;
        let message = decoder.decode(frame)?;
        if let Message::Data(data) = message {
            return Ok(self.take_data(link_id, data, now));
        }
        if let Message::OpResponse(response) = message {
            return Ok(Incoming::Op(response));
        }
        let is_stray = matches!(&message, Message::Unknown { kind } if kind.as_str() == NAMELESS);
        self.take_control(link_id, message, now);
        self.advance(now);
        Ok(if is_stray { Incoming::Stray } else { Incoming::Nothing })
    }

    #[inline]
    fn take_data<'a>(&mut self, link_id: LinkId, data: Data<'a>, now: Now) -> Incoming<'a> {
        let Some(id) = self.topics.find_arg(&data.arg) else {
            if data.arg.channel.is_none() {
                self.warn_once(format!(
                    "a push of the unknown channel {}",
                    okx_common::text::excerpt(&data.arg.name)
                ));
                return Incoming::Stray;
            }
            return Incoming::Nothing;
        };
        let Some(slot) = self.topics.get_mut(id) else { return Incoming::Nothing };
        if slot.owner != Some(link_id) {
            return self.take_first_data(link_id, id, data, now);
        }
        if !slot.wanted {
            return Incoming::Nothing;
        }
        slot.last_push_ns = now.mono_ns;
        slot.has_pushed = true;
        slot.stale_rounds = 0;
        Incoming::Data { id, generation: slot.generation, data }
    }

    /// A push on a link that does not own its topic: the first one of a new subscription, or a late one of an old one.
    #[cold]
    fn take_first_data<'a>(
        &mut self,
        link_id: LinkId,
        id: TopicId,
        data: Data<'a>,
        now: Now,
    ) -> Incoming<'a> {
        let Some(link) = self.link_of(link_id) else { return Incoming::Nothing };
        let (state, role) = (link.state(id), link.role);
        let Some(slot) = self.topics.get(id) else { return Incoming::Nothing };
        let is_subscribed = matches!(state, OnLink::SubSent | OnLink::Active);
        // The owner may be the link that is being replaced: then this push is what was waited for.
        let may_own = slot.owner.is_none() || role == Role::Replacement;
        if !slot.wanted || !is_subscribed || !may_own {
            return Incoming::Nothing;
        }
        self.adopt(id, link_id, now);
        if state == OnLink::Active {
            self.announce(id);
            self.finish_handover(now);
        }
        let Some(slot) = self.topics.get_mut(id) else { return Incoming::Nothing };
        slot.has_pushed = true;
        slot.stale_rounds = 0;
        Incoming::Data { id, generation: slot.generation, data }
    }

    fn take_control(&mut self, link: LinkId, message: Message<'_>, now: Now) {
        let conn_id = match &message {
            Message::Ack(ack) => Some(&ack.conn_id),
            Message::Error(error) => Some(&error.conn_id),
            Message::Login(login) => Some(&login.conn_id),
            _ => None,
        };
        if let Some(conn_id) = conn_id.and_then(|text| text.non_empty())
            && let Some(link) = self.link_mut(link)
        {
            // Of one connection it is always the same, and tells OKX's support which one is meant.
            link.conn_id
                .get_or_insert_with(|| conn_id.chars().take(CONN_ID_CHARS_MAX).collect::<String>().into());
        }
        match message {
            Message::Ack(ack) => self.acknowledged(link, &ack, now),
            Message::Error(error) => self.error_came(link, &error, now),
            Message::Login(login) => self.login_answered(link, login.code, &login.msg, now),
            Message::Notice(notice) => self.notice_came(link, &notice, now),
            Message::ConnCount(count) => self.conn_count_came(link, &count),
            Message::Unknown { kind } => {
                self.warn_once(format!("a message of the unknown kind {}", okx_common::text::excerpt(&kind)));
            }
            Message::Pong | Message::Data(_) | Message::OpResponse(_) => {}
        }
    }

    fn notice_came(&mut self, link_id: LinkId, notice: &Notice<'_>, now: Now) {
        self.emit(Event::Notice { code: notice.code, msg: redacted(&notice.msg) });
        if notice.code.0 != SERVICE_UPGRADE {
            return;
        }
        let Some(link) = self.link_mut(link_id) else { return };
        if !std::mem::replace(&mut link.is_leaving, true) {
            self.connect_at_ns = now.mono_ns;
        }
    }
}
